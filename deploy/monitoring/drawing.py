"""Rows of panels in, the JSON of a dashboard for Grafana 11 out: three panels beside each other, nothing placed by hand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

SCHEMA, WIDTH, HEIGHT, ACROSS = 39, 8, 8, 3
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
EMPTY = "Empty on a good day."


@dataclass(frozen=True)
class Panel:
    """meaning: what it shows and when it is bad. queries: legend to expression; a legend names labels as {{label}}.

    unit: in Grafana's words, such as s, ops, percentunit, short. alerts: whose runbooks it links. is_number: no curve.
    often_empty: whether there is nothing to see on a good day.
    """

    title: str
    meaning: str
    unit: str
    queries: dict[str, str]
    alerts: tuple[str, ...] = ()
    is_number: bool = False
    often_empty: bool = False

    @property
    def description(self) -> str:
        return f"{self.meaning} {EMPTY}" if self.often_empty else self.meaning


@dataclass(frozen=True)
class Row:
    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    name: str
    title: str
    rows: tuple[Row, ...]

    @property
    def panels(self) -> tuple[Panel, ...]:
        return tuple(panel for row in self.rows for panel in row.panels)


def as_json(dashboard: Dashboard, pages: str = "docs") -> str:
    tree = {
        "uid": f"tellfirst-{dashboard.name}",
        "title": f"tellfirst: {dashboard.title}",
        "tags": ["tellfirst"],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": False,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "graphTooltip": 1,
        "links": [_others()],
        "templating": {"list": [{"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}]},
        "panels": list(_placed(dashboard, pages)),
    }
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def _others() -> dict[str, Any]:
    return {"title": "tellfirst", "type": "dashboards", "tags": ["tellfirst"], "keepTime": True, "asDropdown": False}


def _placed(dashboard: Dashboard, pages: str) -> Iterator[dict[str, Any]]:
    number, top = 0, 0
    for row in dashboard.rows:
        number += 1
        place = {"x": 0, "y": top, "w": WIDTH * ACROSS, "h": 1}
        yield {"id": number, "type": "row", "title": row.title, "collapsed": False, "gridPos": place, "panels": []}
        top += 1
        for position, panel in enumerate(row.panels):
            number += 1
            down, across = divmod(position, ACROSS)
            place = {"x": WIDTH * across, "y": top + HEIGHT * down, "w": WIDTH, "h": HEIGHT}
            yield {"id": number, **_drawn(panel, pages), "gridPos": place}
        top += HEIGHT * -(-len(row.panels) // ACROSS)


def _drawn(panel: Panel, pages: str) -> dict[str, Any]:
    return {
        "type": "stat" if panel.is_number else "timeseries",
        "title": panel.title,
        "description": panel.description,
        "datasource": SOURCE,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {} if panel.is_number else {"tooltip": {"mode": "multi"}, "legend": {"displayMode": "list"}},
        "links": [{"title": alert, "url": f"{pages}/runbooks/{alert}.md", "targetBlank": True} for alert in panel.alerts],
        "targets": [
            {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": expr, "legendFormat": legend, "range": True}
            for number, (legend, expr) in enumerate(panel.queries.items())
        ],
    }
