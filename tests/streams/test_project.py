"""A project folder, and all that is wrong with it in one run."""

import shutil
from datetime import time
from pathlib import Path

import pytest

from contracts.times import DAY, HOUR, MINUTE
from rules.errors import Faulty
from rules.loader import library
from rules.plan import Forgetting
from streams.project import load_project


def a_project(folder: Path, **files: str) -> Path:
    shutil.copytree(library(), folder / "rules")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(Faulty) as raised:
        load_project(folder)
    return [str(fault) for fault in raised.value.faults if not fault.warning]


def test_only_the_rules_are_required(tmp_path: Path) -> None:
    project = load_project(a_project(tmp_path))

    assert (project.settings.language, project.settings.zone.key, project.settings.desk) == ("en", "UTC", "desk")
    assert project.ruleset.rules


def test_settings_are_read(tmp_path: Path) -> None:
    text = """
language: de
zone: Europe/Berlin
desk: helpers
sources: {shop: {disorder: 1h, source_delay: 30s, settle: 0s, max_leap: 10d, quiet_after: 2h}}
limits: {soon_per_window: 5, digest_at: '10:30', batch: 50, breaker: 20, cache: 64}
"""
    settings = load_project(a_project(tmp_path, tellfirst=text)).settings

    assert (settings.language, settings.zone.key, settings.desk) == ("de", "Europe/Berlin", "helpers")
    source = settings.source("shop")
    assert (source.disorder, source.settle, source.max_leap, source.quiet_after) == (HOUR, 0, 10 * DAY, 2 * HOUR)
    assert settings.source("other").source_delay == 2 * MINUTE
    assert (settings.limits.soon_per_window, settings.limits.digest_at) == (5, time(10, 30))
    assert (settings.core.batch, settings.core.breaker, settings.core.room) == (50, 20, 64 << 20)


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    project = load_project(
        a_project(tmp_path, tellfirst="zone: Europe/Berlin"), {"zone": "Asia/Tokyo", "sources": {"shop": {"disorder": "1h"}}}
    )

    assert project.settings.zone.key == "Asia/Tokyo"
    assert project.settings.source("shop").disorder == HOUR


def test_all_files_are_faulted_in_one_run(tmp_path: Path) -> None:
    folder = a_project(tmp_path, tellfirst="dessk: us\nzone: Mars/Base", choices="wait: {link: x}")
    (folder / "mappings").mkdir()
    (folder / "mappings" / "shop.yaml").write_text("mappping: shop")

    faults = faults_of(folder)

    assert any(fault.startswith("tellfirst.yaml:1:1  unknown key `dessk` — did you mean `desk`?") for fault in faults)
    assert any(fault.startswith("tellfirst.yaml:2:") and "Mars/Base" in fault for fault in faults)
    assert any(fault.startswith("choices.yaml:1:") for fault in faults)
    assert any(fault.startswith("mappings/shop.yaml:1:") for fault in faults)


def test_a_project_without_rules_is_told_what_to_do(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path)

    assert "there is no folder of rules" in fault


def test_what_a_message_has_wrong_stands_at_its_place(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    rule = folder / "rules" / "late-parcel.yaml"
    lines = rule.read_text().splitlines()
    number = next(number for number, line in enumerate(lines) if line.strip().startswith("doing:"))
    lines[number] = '  doing: "We looked at {{ nothing_known }}."'
    rule.write_text("\n".join(lines))

    assert any(fault.startswith(f"rules/late-parcel.yaml:{number + 1}:") for fault in faults_of(folder))


def test_a_rule_with_a_wrong_tell_and_a_wrong_condition_says_both_in_one_run(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    rule = folder / "rules" / "late-parcel.yaml"
    rule.write_text(
        rule.read_text().replace("urgency: soon", "urgency: sometimes").replace("chance_late >= 0.7", "chance_lat >= 0.7")
    )
    other = folder / "rules" / "payment-failing.yaml"
    other.write_text(other.read_text().replace("| money", "| muney"))

    faults = " ".join(faults_of(folder))

    assert all(word in faults for word in ("sometimes", "chance_lat", "muney"))


def test_who_speaks_is_a_setting(tmp_path: Path) -> None:
    project = load_project(
        a_project(tmp_path, tellfirst="sender: {name: The Shop, check_at: https://shop.example/check, person_at: +49 30 1234}")
    )

    sender = project.settings.sender
    assert (sender.name, sender.check_at, sender.person_at) == ("The Shop", "https://shop.example/check", "+49 30 1234")
    assert sender.preferences_at is None


def test_forgetting_is_a_setting(tmp_path: Path) -> None:
    project = load_project(a_project(tmp_path, tellfirst="forget: {closed: 30d, silent: 365d, stub: 60d}\n"))

    assert project.ruleset.plans["parcel"].forgetting == Forgetting(closed=30 * DAY, silent=365 * DAY, stub=60 * DAY)


def test_forgetting_has_a_floor_and_a_ceiling(tmp_path: Path) -> None:
    assert faults_of(a_project(tmp_path, tellfirst="forget: {closed: 1h, silent: 2d}\n")) == [
        "tellfirst.yaml:1:10  `closed` is 1h — write a length from 1d to 90d",
        "tellfirst.yaml:1:22  `silent` is 2d — write a length from 1w to 365d",
    ]


def test_a_mapping_that_calls_itself_otherwise_than_its_file_is_warned_of(tmp_path: Path) -> None:
    folder = a_project(tmp_path)
    (folder / "mappings").mkdir()
    (folder / "mappings" / "shop.yaml").write_text("mapping: carrier\nsource: shop\nevents: []\n")

    assert (
        "mappings/shop.yaml:1:1  warning: it calls itself `carrier`, and is known by its file as `shop` — write `mapping: shop`"
        in [str(fault) for fault in load_project(folder).warnings]
    )
