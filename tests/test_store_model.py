"""Whatever happens in whatever order, what counts is what a naive list of events says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from factories import make_submission
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pmqa.store import Incoming, Store

AGENCIES = st.sampled_from(["D001", "D002"])
YEARS = st.sampled_from([2568, 2569])
SOURCES = st.sampled_from(["self", "assessor"])


class Events(RuleBasedStateMachine):
    """The store beside a list of what was sent: [id, (agency, year, source), content, withdrawn, sample]."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = Store(self.folder / "pmqa.duckdb")
        self.sent: list[list] = []

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(
        files=st.lists(st.tuples(AGENCIES, YEARS, SOURCES, st.integers(0, 5)), min_size=1, max_size=3),
        sample=st.booleans(),
    )
    def record(self, files, sample):
        incoming = [
            Incoming(make_submission(*whose, met={"1.1.B1": number > 2}), repr((whose, number)).encode(), "a.xlsx")
            for *whose, number in files
        ]
        for one, recorded in zip(
            incoming, self.store.recording.record_many(incoming, received_by="t", sample=sample), strict=True
        ):
            known = [each for each in self.sent if each[2] == one.content]
            assert recorded.already_known == bool(known)
            if known:
                assert (recorded.submission_id, recorded.withdrawn) == (known[0][0], known[0][3])
                continue
            whose = (one.submission.agency_code, one.submission.fiscal_year, one.submission.source)
            assert recorded.replaces == self.counting().get(whose)
            self.sent.append([recorded.submission_id, whose, one.content, False, sample])

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 99))
    def withdraw_or_restore(self, which):
        one = self.sent[which % len(self.sent)]
        if one[3]:
            self.store.history.restore(one[0], who="t")
        else:
            self.store.history.withdraw(one[0], reason="x", who="t")
        one[3] = not one[3]

    @rule()
    def remove_samples(self):
        samples = [one for one in self.sent if one[4]]
        assert self.store.tidying.remove_samples() == len(samples)
        self.sent = [one for one in self.sent if not one[4]]

    @rule()
    def reopen(self):
        version = self.store.version()
        self.store.close()
        self.store = Store(self.folder / "pmqa.duckdb")
        assert self.store.version() == version

    def counting(self):
        return {whose: key for key, whose, _, withdrawn, _ in self.sent if not withdrawn}

    @invariant()
    def what_counts_is_the_latest_that_stands(self):
        current = self.store.submissions.current(None, source=None)
        columns = (current[name] for name in ("agency_code", "fiscal_year", "source", "submission"))
        assert {(code, year, source): key for code, year, source, key in zip(*columns, strict=True)} == self.counting()
        assert self.store.submissions.standing()["submission"].to_list() == [one[0] for one in self.sent if not one[3]]
        history = self.store.history.all()
        assert history["submission"].to_list() == [one[0] for one in self.sent][::-1]
        assert set(history.loc[history["current"], "submission"]) == set(self.counting().values())
        assert len(self.store.received.all()) == len(self.sent)
        assert self.store.submissions.has_samples() == any(one[4] for one in self.sent)

    @invariant()
    def every_submission_has_its_scores_and_its_file(self):
        ids = [one[0] for one in self.sent]
        assert (
            set(self.store.facts.scores(ids)["submission"])
            == set(self.store.facts.answers(ids)["submission"])
            == set(ids)
        )
        for key, _, content, _, _ in self.sent:
            assert self.store.submissions.original(key) == content


TestEvents = pytest.mark.slow(Events.TestCase)
TestEvents.settings = settings(max_examples=settings().max_examples // 16, stateful_step_count=12)
