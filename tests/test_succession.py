"""Agencies change: one line through a rename; who was merged or split is shown as such and not as a fall."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import make_submission

from pmqa.analysis.succession import KINDS, ends_nowhere, followed, lines, reorganised
from pmqa.cli.arguments import SUCCESSIONS as SAID_ON_THE_COMMAND_LINE
from pmqa.errors import AccessDenied, StoreError
from pmqa.store import Action, Incoming
from pmqa.tables import SUCCESSIONS
from pmqa.viewer import LOCAL_ANALYST, Viewer
from pmqa.views import data
from pmqa.views.address import parse
from pmqa.views.building import build, view_of
from pmqa.views.cards import years
from pmqa.views.selected import Selection
from tests.pages import a_view, opened, serve
from tests.postgres import ON_BOTH

# code -> years in which it sends, and whether everything is met. R1 was renamed R2, then R3; M1 and M2 were merged into
# M3; P was split into P1 and itself; K stays.
SENT = {
    "R1": {2567: True},
    "R2": {2568: True},
    "R3": {2569: True},
    "M1": {2567: True, 2568: True},
    "M2": {2567: False, 2568: False},
    "M3": {2569: False},
    "P": {2567: True, 2568: True, 2569: False},
    "P1": {2569: True},
    "K": {2567: True, 2568: True, 2569: False},
}
KEPT = [
    ("R1", "R2", 2568, "renamed"),
    ("R2", "R3", 2569, "renamed"),
    ("M1", "M3", 2569, "merged"),
    ("M2", "M3", 2569, "merged"),
    ("P", "P1", 2569, "split"),
]


def table(rows=tuple(KEPT)):
    frame = pd.DataFrame(rows, columns=["predecessor", "successor", "fiscal_year", "kind"])
    return SUCCESSIONS.conform(frame.assign(number=range(len(frame))))


@pytest.fixture
def changed(place, monkeypatch, nothing_cached):
    """A store of SENT, whose register knows KEPT."""
    serve(place, monkeypatch)
    store = data.store()
    sent = [
        (make_submission(code, fiscal_year=year, met=met, agency_name=f"กรม {code}"), f"{code}{year}".encode())
        for code, of_code in SENT.items()
        for year, met in of_code.items()
    ]
    store.recording.record_many([Incoming(one, content, "ส่ง.xlsx") for one, content in sent], received_by="x")
    for row in KEPT:
        store.successions.save(*row, who="x")
    return store


def card(store, address):
    return build(parse(address, "en"), LOCAL_ANALYST, store)


def test_a_renamed_agency_is_one_line_in_years_compare_and_follow_up(changed):
    view = view_of(Selection("en"), LOCAL_ANALYST, data.version_of(changed))
    own = view.every_year("overall").query("agency_code == 'R3'")
    assert sorted(own["fiscal_year"]) == [2567, 2568, 2569]
    assert set(own["agency_name"]) == {"กรม R3"}
    assert {"R1", "R2"}.isdisjoint(view.every_year("overall")["agency_code"])
    assert "R3" in years.agencies_of_both(view, 2567)
    made = card(changed, "years.moves?agency=R3&before=2567")
    assert any("กรม R3 was กรม R2 until 2568" in note for note in made.notes)
    points = card(changed, "compare.all-years?agencies=R3").table
    assert points.loc[points["role"] == "agency", "score"].notna().sum() == 3
    # a plan that was made under the old code is followed up by the form that came under the new one
    changed.plans.save_action(Action("R2", 2568, "ทำ", ("1.1.B1",)), who="x")
    assert len(card(changed, "followup.effects?agency=R3&year=2568").table) == 1
    assert len(card(changed, "agency.sent?agency=R3").table) == 3


def test_merged_and_split_are_shown_as_such_and_not_as_a_fall(changed):
    view = view_of(Selection("en"), LOCAL_ANALYST, data.version_of(changed))
    made = card(changed, "years.agencies?before=2568")
    like = made.table.set_index("agency_code")
    assert like.loc["P", "like"] == "split"
    assert like["regressed"].astype("bool").to_dict() == {"K": True, "P": False, "R3": False}
    said = " ".join(made.notes)
    assert "กรม M3 was merged from กรม M1 [2568 (2025): " in said
    assert "was split into กรม P1 in 2569" in said
    assert {row.key for row in made.drawing.rows} == {"K", "R3"}
    fell = next(metric for metric in years.summary(view, 2568) if "fell" in metric.label)
    assert fell.value == "1"  # K alone
    two = card(changed, "compare.two-years?agencies=P&agencies=K&other=2568")
    assert set(two.table["row"]) == {"K"}
    assert any("was split" in note for note in two.notes)
    gone = card(changed, "followup.effects?agency=M1&year=2568")
    assert any("was merged from" in note for note in gone.notes)


def test_a_number_of_an_earlier_year_leads_to_the_form_that_came_under_the_old_code(changed):
    view = view_of(Selection("en", fiscal_year=2567), LOCAL_ANALYST, data.version_of(changed))
    assert view.submission_id("R3") == "S0000001"


def test_a_meeting_follows_the_line_and_names_nobody(changed):
    view = a_view("en", meeting="12345678", peer_minimum=1)
    alias = view.aliases.agencies["R3"]
    own = view.every_year("overall").query("agency_code == @alias")
    assert len(own) == 3
    assert not own["agency_name"].str.contains("กรม").any()
    assert not any("กรม" in note for note in years.moves(view, alias, 2568).notes)


@pytest.mark.parametrize(
    ("rows", "sent", "expected"),
    [
        (KEPT, {"R1", "R2", "R3"}, {"R1": "R3", "R2": "R3"}),
        (KEPT, {"R1", "R2"}, {"R1": "R2"}),  # nobody has sent under the last name yet
        (KEPT, {"R1"}, {}),
        ([("M1", "M3", 2569, "merged")], {"M1", "M3"}, {}),
    ],
)
def test_lines_go_through_renames_to_the_last_name_that_has_sent(rows, sent, expected):
    assert lines(table(rows), sent) == expected


def test_two_forms_of_one_line_and_year_keep_their_own_codes():
    rows = pd.DataFrame(
        [("S1", "R1", 2567, "self"), ("S2", "R1", 2568, "self"), ("S3", "R3", 2568, "self")],
        columns=["submission", "agency_code", "fiscal_year", "source"],
    )
    assert followed(rows, {"R1": "R3"}) == {"S1": "R3"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(2567, 2568, {}), (2568, 2569, {"M3": "merged", "P": "split", "P1": "split"})],
)
def test_who_is_not_the_same_in_two_years(before, after, expected):
    assert reorganised(table(), before, after) == reorganised(table(), after, before) == expected


def test_no_name_leads_back_to_itself():
    assert ends_nowhere({"A": "B", "B": "C"})
    assert not ends_nowhere({"A": "B", "B": "A"})


REFUSED = [
    ("K", "K", 2569, "renamed"),
    ("R3", "R1", 2569, "renamed"),
    ("R1", "K", 2569, "renamed"),
    ("K", "P", 2569, "eaten"),
]


@pytest.mark.parametrize("row", REFUSED)
def test_what_cannot_be_is_refused_with_both_codes(changed, row):
    with pytest.raises(StoreError, match=row[1]):
        changed.successions.save(*row, who="x")


@ON_BOTH
def test_who_may_say_so_is_decided_in_the_store_and_audited(changed):
    for viewer in (Viewer("x", "agency"), Viewer("x", "analyst", agencies=frozenset({"K"}))):
        with pytest.raises(AccessDenied):
            changed.successions.save("K", "P", 2569, "split", who="x", viewer=viewer)
    assert changed.successions.all(Viewer("x", "agency", frozenset({"P1"})))["predecessor"].tolist() == ["P"]
    changed.successions.remove("P", "P1", who="x", viewer=LOCAL_ANALYST)
    actions = changed.audit.changes()["action"].tolist()
    assert (actions.count("succession_saved"), actions.count("succession_removed")) == (len(KEPT), 1)


def test_the_command_lists_adds_and_removes(changed, run):
    database = changed.path
    changed.close()
    assert SAID_ON_THE_COMMAND_LINE == KINDS
    code, said, _ = run("succession", "list", "--database", database, "--lang", "en")
    assert (code, "R1 → R2 · Renamed · 2568" in said) == (0, True)
    assert run("succession", "add", "K", "K2", "--database", database)[0] == 2
    assert run("succession", "add", "K", "P1", "--kind", "merged", "--year", "2569", "--database", database)[0] == 0
    assert run("succession", "remove", "K", "P1", "--database", database)[0] == 0


@pytest.mark.slow
def test_it_is_said_on_the_page_of_the_register(changed, monkeypatch):
    at = opened("register", changed.path, monkeypatch, register_part="successions", lang="en")
    at.selectbox(key="succession-predecessor").select("K")
    at.selectbox(key="succession-successor").select("P1")
    at.selectbox(key="succession-kind").select("merged")
    next(button for button in at.button if "Keep it" in button.label).click().run()
    assert not at.exception
    kept = changed.successions.all()
    assert ("K", "P1") in list(zip(kept["predecessor"], kept["successor"], strict=True))
