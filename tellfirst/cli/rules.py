"""`rules`: are they right, what do they mean, do their examples hold, what may be written, and which of them may speak."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from contracts.telling import RuleState, Stage
from rules.errors import Fault, Faulty
from rules.suggest import did_you_mean
from storage.errors import NoStore
from streams.project import Project
from streams.rule_tests import TestResult, run_rule_tests
from tellfirst import wiring
from tellfirst.cli.answers import Json, counted, document, heading, lines, moment, say, table
from tellfirst.cli.deciding import decide
from tellfirst.cli.front import group
from tellfirst.deciding.decisions import Release, SetStage, Withdraw
from tellfirst.explaining import as_code, explained
from tellfirst.kafka.hearing import may_go_live, unheard_in
from tellfirst.ruling import judged
from tellfirst.stopping import Exit, stop

app = group()

NOTHING_HELD = "the breaker holds nothing of it"

RuleName = Annotated[str, typer.Argument(metavar="RULE")]


@app.command()
def check(
    context: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="A warning is a finding; a rule without tests is refused.")] = False,
    as_json: Json = False,
) -> None:
    """Find what is wrong in rules, messages, events, mappings and settings, all of it in one run."""
    try:
        project = wiring.project_of(context.obj)
    except Faulty as faulty:
        if as_json:
            document({"rules": 0, "faults": [_plain(each) for each in faulty.faults]})
            raise typer.Exit(Exit.CONFIGURATION) from None
        raise
    findings = [*judged(project, strict=strict), *unheard_in(project)]
    if as_json:
        document({"rules": len(project.rules), "faults": [_plain(each) for each in findings]})
    else:
        lines(map(str, findings))
        typer.echo(f"{counted(len(project.rules), 'rule')}, {_number(findings)}")
    if any(not each.warning for each in findings) or (strict and findings):
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def test(
    context: typer.Context,
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="Only this one's tests.")] = None,
    as_json: Json = False,
) -> None:
    """Run the examples in the rules, on the real thing with a clock that is moved; a faulty rule stops no other."""
    project = wiring.sound_part_of(context.obj)
    faults = [str(each) for each in project.warnings if not each.warning]
    for fault in faults:
        typer.echo(fault, err=True)
    if rule is not None and not faults:
        _require(rule, project)
    results = run_rule_tests(project, rules=[rule] if rule else None)
    failed = [each for each in results if not each.passed]
    if as_json:
        document({"passed": len(results) - len(failed), "failed": len(failed), "tests": results, "faults": faults})
    else:
        _show(results)
    if faults or failed:
        raise typer.Exit(Exit.CONFIGURATION if faults else Exit.FINDINGS)


def _show(results: Sequence[TestResult]) -> None:
    for each in results:
        word = typer.style("ok  ", fg="green") if each.passed else typer.style("FAIL", fg="red")
        typer.echo(f"{word}  {each.rule}: {each.name}")
        if each.difference:
            lines(f"      {line}" for line in each.difference.splitlines())
    passed = sum(each.passed for each in results)
    typer.echo(f"{passed} passed, {len(results) - passed} failed")


@app.command("list")
def list_rules(context: typer.Context, as_json: Json = False) -> None:
    """Show the rules and their stage; one that has not run yet starts in shadow."""
    project = wiring.project_of(context.obj)
    states = _states(context)
    found = [
        {
            "rule": rule.name,
            "title": rule.title,
            "owner": rule.owner,
            "watches": rule.watch,
            "urgency": rule.tell.urgency,
            "tests": len(rule.tests),
            "stage": states[rule.name].stage if rule.name in states else None,
            "live_since": states[rule.name].live_since if rule.name in states else None,
            "breaker_open": rule.name in states and states[rule.name].breaker_open,
        }
        for rule in project.rules
    ]
    if as_json:
        document(found)
        return
    rows = [
        (each["rule"], each["watches"], each["urgency"], each["tests"], _stage(states.get(str(each["rule"]))), each["title"])
        for each in found
    ]
    table(("rule", "watches", "urgency", "tests", "stage", "title"), rows)


@app.command()
def explain(
    context: typer.Context,
    rule: RuleName,
    cel: Annotated[bool, typer.Option("--cel", help="Show conditions in the Common Expression Language.")] = False,
    code: Annotated[bool, typer.Option("--code", help="Show the Python that looks at each event type it reads.")] = False,
    as_json: Json = False,
) -> None:
    """Say in plain words what a rule does, and how exact its windows are."""
    project = wiring.project_of(context.obj)
    _require(rule, project)
    chapters = as_code(project.ruleset, rule) if code else explained(project.ruleset.rules[rule], as_cel=cel)
    if as_json:
        document({"rule": rule, "chapters": [{"title": title, "lines": texts} for title, texts in chapters]})
        return
    for title, texts in chapters:
        heading(title)
        lines(f"  {text}" for text in texts)


@app.command()
def schema(context: typer.Context) -> None:
    """Print the JSON Schema of this project's rule files, with a line on every key, for editors."""
    from rules.schema import schema_of

    project = wiring.sound_part_of(context.obj)
    typer.echo(json.dumps(schema_of(project.catalogue, project.choices or None), indent=2, ensure_ascii=False))


@app.command()
def publish(
    context: typer.Context,
    rule: RuleName,
    live: Annotated[bool, typer.Option("--live", help="It tells customers from now on.")] = False,
    shadow: Annotated[bool, typer.Option("--shadow", help="It only records what it would have told.")] = False,
    as_json: Json = False,
) -> None:
    """Let a rule speak, or only record."""
    if live == shadow:
        raise stop(Exit.USAGE, "rules publish", "needs either --live or --shadow", "say which")
    if live and wiring.settings_of(context.obj).kafka:
        may_go_live(wiring.project_of(context.obj), rule)
    _decide(context, rule, SetStage(rule, Stage.LIVE if live else Stage.SHADOW))
    _say(rule, "live, it tells what becomes true from now on" if live else "in shadow, it records and tells nobody", as_json)


@app.command()
def pause(context: typer.Context, rule: RuleName, as_json: Json = False) -> None:
    """Stop a rule from speaking until it is published again; what it finds waits."""
    _decide(context, rule, SetStage(rule, Stage.PAUSED))
    _say(rule, "paused, what it finds waits", as_json)


@app.command()
def release(context: typer.Context, rule: RuleName, as_json: Json = False) -> None:
    """Tell what the breaker holds of a rule, as far as it is still true."""
    held = _held(context, rule)
    _decide(context, rule, Release(rule))
    _say(rule, "released, what is still true is told" if held else NOTHING_HELD, as_json)


@app.command()
def withdraw(context: typer.Context, rule: RuleName, as_json: Json = False) -> None:
    """Do not tell what the breaker holds of a rule; go on with what comes."""
    held = _held(context, rule)
    _decide(context, rule, Withdraw(rule))
    _say(rule, "withdrawn, what was held is not told" if held else NOTHING_HELD, as_json)


def _decide(context: typer.Context, rule: str, decision: SetStage | Release | Withdraw) -> None:
    """A rule that the store knows can be stopped even while the project's files are at fault."""
    if rule not in _states(context):
        _require(rule, wiring.project_of(context.obj))
    decide(context.obj, decision)


def _say(rule: str, fact: str, as_json: bool) -> None:
    say({"rule": rule, "fact": fact}, f"{rule}: {fact}", as_json=as_json)


def _held(context: typer.Context, rule: str) -> bool:
    state = _states(context).get(rule)
    return state is not None and state.breaker_open


def _states(context: typer.Context) -> dict[str, RuleState]:
    try:
        with wiring.reading(context.obj) as store:
            return dict(store.rule_states())
    except NoStore:
        return {}


def _require(rule: str, project: Project) -> None:
    if rule not in project.ruleset.rules:
        raise stop(
            Exit.USAGE,
            rule,
            "there is no such rule",
            did_you_mean(rule, project.ruleset.rules, otherwise="see `tellfirst rules list`"),
        )


def _stage(state: RuleState | None) -> str:
    if state is None:
        return "new"
    since = _since(state.live_since) if state.stage is Stage.LIVE else ""
    return f"{state.stage}{since}{', stopped by the breaker' if state.breaker_open else ''}"


def _since(instant: int | None) -> str:
    return f" since {moment(instant)}" if instant else " from the first event on"


def _number(findings: list[Fault]) -> str:
    return counted(len(findings), "finding") if findings else "nothing to say against them"


def _plain(fault: Fault) -> dict[str, object]:
    return {"place": fault.place, "fact": fault.fact, "remedy": fault.remedy, "warning": fault.warning}
