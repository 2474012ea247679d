"""The way of an older database to today's, one step a version.

Step n brings a database from version n to n + 1. Never change a step that has been released: databases exist that went
through it.
"""

from __future__ import annotations

from typing import Final

# Version 2 keeps every file that comes in, whatever becomes of it, and what people plan. Of the files before it only
# those are known that became submissions.
TO_2: Final = (
    """
    CREATE TABLE receipts (
        "receipt" VARCHAR NOT NULL,
        "sha256" VARCHAR NOT NULL,
        "file_name" VARCHAR NOT NULL,
        "size" BIGINT NOT NULL,
        "received_at" TIMESTAMP NOT NULL,
        "received_by" VARCHAR NOT NULL,
        PRIMARY KEY (receipt)
    )
    """,
    """
    CREATE TABLE outcomes (
        "receipt" VARCHAR NOT NULL,
        "outcome" VARCHAR NOT NULL,
        "submission" VARCHAR,
        "agency_code" VARCHAR,
        "fiscal_year" BIGINT,
        "source" VARCHAR,
        "errors" BIGINT NOT NULL,
        "warnings" BIGINT NOT NULL,
        "notes" BIGINT NOT NULL,
        "findings" VARCHAR NOT NULL,
        PRIMARY KEY (receipt)
    )
    """,
    """
    CREATE TABLE raw_cells (
        "submission" VARCHAR NOT NULL,
        "cells" BLOB NOT NULL,
        PRIMARY KEY (submission)
    )
    """,
    """
    CREATE TABLE withdrawals (
        "number" BIGINT NOT NULL,
        "submission" VARCHAR NOT NULL,
        "withdrawn" BOOLEAN NOT NULL,
        "reason" VARCHAR NOT NULL,
        "at" TIMESTAMP NOT NULL,
        "who" VARCHAR NOT NULL,
        PRIMARY KEY (number)
    )
    """,
    """
    CREATE TABLE agencies (
        "agency_code" VARCHAR NOT NULL,
        "agency_name" VARCHAR NOT NULL,
        "ministry" VARCHAR NOT NULL,
        "agency_type" VARCHAR NOT NULL,
        PRIMARY KEY (agency_code)
    )
    """,
    """
    CREATE TABLE expectations (
        "fiscal_year" BIGINT NOT NULL,
        "source" VARCHAR NOT NULL,
        "agency_code" VARCHAR NOT NULL,
        "due" TIMESTAMP,
        PRIMARY KEY (fiscal_year, source, agency_code)
    )
    """,
    """
    CREATE TABLE peer_groups (
        "name" VARCHAR NOT NULL,
        "agency_code" VARCHAR NOT NULL,
        PRIMARY KEY (name, agency_code)
    )
    """,
    """
    CREATE TABLE scenarios (
        "submission" VARCHAR NOT NULL,
        "name" VARCHAR NOT NULL,
        "changes" VARCHAR NOT NULL,
        "made_at" TIMESTAMP NOT NULL,
        "made_by" VARCHAR NOT NULL,
        PRIMARY KEY (submission, name)
    )
    """,
    """
    CREATE TABLE actions (
        "action" VARCHAR NOT NULL,
        "agency_code" VARCHAR NOT NULL,
        "fiscal_year" BIGINT NOT NULL,
        "what" VARCHAR NOT NULL,
        "owner" VARCHAR,
        "due" TIMESTAMP,
        "criteria" VARCHAR NOT NULL,
        PRIMARY KEY (action)
    )
    """,
    """
    CREATE TABLE progress (
        "action" VARCHAR NOT NULL,
        "month" BIGINT NOT NULL,
        "percent" DOUBLE NOT NULL,
        "note" VARCHAR,
        "reported_at" TIMESTAMP NOT NULL,
        "reported_by" VARCHAR NOT NULL,
        PRIMARY KEY (action, month)
    )
    """,
    """
    CREATE TABLE efforts (
        "agency_code" VARCHAR NOT NULL,
        "edition" VARCHAR NOT NULL,
        "criterion" VARCHAR NOT NULL,
        "effort" DOUBLE NOT NULL,
        PRIMARY KEY (agency_code, edition, criterion)
    )
    """,
    """
    CREATE TABLE settings (
        "name" VARCHAR NOT NULL,
        "value" VARCHAR NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    INSERT INTO receipts
    SELECT 'R' || submission[2:], sha256, file_name, octet_length(content), received_at, received_by
    FROM submissions JOIN contents USING (sha256)
    """,
    """
    INSERT INTO outcomes BY NAME
    SELECT
        'R' || submission[2:] AS receipt, 'accepted' AS outcome, submission, agency_code, fiscal_year, source,
        0 AS errors,
        (SELECT count(*) FROM findings f WHERE f.submission = s.submission AND severity = 'warning') AS warnings,
        (SELECT count(*) FROM findings f WHERE f.submission = s.submission AND severity = 'note') AS notes,
        '[]' AS findings
    FROM submissions s
    """,
)

# Version 3 keeps keys apart from settings, whose values the audit holds. The key that stood there is given up: whoever
# read the audit could work out the aliases of a meeting.
TO_3: Final = (
    """
    CREATE TABLE secrets (
        "name" VARCHAR NOT NULL,
        "value" VARCHAR NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    "DELETE FROM settings WHERE name = 'alias_key'",
)

# Version 4 keeps which scores moved when the rules changed or a file was read differently.
TO_4: Final = (
    """
    CREATE TABLE moved_scores (
        "change" BIGINT NOT NULL,
        "submission" VARCHAR NOT NULL,
        "basis" VARCHAR NOT NULL,
        "kind" VARCHAR NOT NULL,
        "scope" VARCHAR NOT NULL,
        "before" DOUBLE,
        "after" DOUBLE,
        "level_before" VARCHAR,
        "level_after" VARCHAR,
        "rule" VARCHAR NOT NULL
    )
    """,
)

# Version 5 knows whom the administrators let in, and what was done without a change of the data.
TO_5: Final = (
    """
    CREATE TABLE people (
        "email" VARCHAR NOT NULL,
        "role" VARCHAR NOT NULL,
        "agencies" VARCHAR,
        "ministries" VARCHAR,
        "valid_until" TIMESTAMP,
        "note" VARCHAR,
        "removed_at" TIMESTAMP,
        PRIMARY KEY (email)
    )
    """,
    """
    CREATE TABLE events (
        "at" TIMESTAMP NOT NULL,
        "who" VARCHAR NOT NULL,
        "action" VARCHAR NOT NULL,
        "subject" VARCHAR,
        "details" VARCHAR NOT NULL
    )
    """,
)

# Version 6 keeps scores as they were announced.
TO_6: Final = (
    """
    CREATE TABLE announced (
        "record" BIGINT NOT NULL,
        "agency_code" VARCHAR NOT NULL,
        "agency_name" VARCHAR NOT NULL,
        "ministry" VARCHAR NOT NULL,
        "agency_type" VARCHAR NOT NULL,
        "fiscal_year" BIGINT NOT NULL,
        "edition" VARCHAR NOT NULL,
        "kind" VARCHAR NOT NULL,
        "scope" VARCHAR NOT NULL,
        "points" DOUBLE NOT NULL,
        "layout" VARCHAR NOT NULL,
        "file_name" VARCHAR NOT NULL,
        "sha256" VARCHAR NOT NULL,
        "sheet" VARCHAR NOT NULL,
        "cell" VARCHAR NOT NULL,
        "recorded_at" TIMESTAMP NOT NULL,
        "recorded_by" VARCHAR NOT NULL,
        PRIMARY KEY (record, agency_code, fiscal_year, kind, scope)
    )
    """,
)

# Version 7 keeps what people take along: storyboards of cards, short links, views by name; and notes.
TO_7: Final = (
    """
    CREATE TABLE storyboards (
        "storyboard" VARCHAR NOT NULL,
        "owner" VARCHAR NOT NULL,
        "name" VARCHAR NOT NULL,
        "place" VARCHAR,
        "day" VARCHAR,
        "agencies" VARCHAR,
        "ministries" VARCHAR,
        "changed_at" TIMESTAMP NOT NULL,
        PRIMARY KEY (storyboard)
    )
    """,
    """
    CREATE TABLE slides (
        "storyboard" VARCHAR NOT NULL,
        "slide" VARCHAR NOT NULL,
        "place" BIGINT NOT NULL,
        "address" VARCHAR NOT NULL,
        "finding" VARCHAR NOT NULL,
        "digest" VARCHAR NOT NULL,
        "version" VARCHAR NOT NULL,
        "headline" VARCHAR,
        "note" VARCHAR,
        "agencies" VARCHAR,
        "ministries" VARCHAR,
        PRIMARY KEY (storyboard, slide)
    )
    """,
    """
    CREATE TABLE links (
        "link" VARCHAR NOT NULL,
        "page" VARCHAR NOT NULL,
        "query" VARCHAR NOT NULL,
        "kept_at" TIMESTAMP NOT NULL,
        PRIMARY KEY (link)
    )
    """,
    """
    CREATE TABLE saved_views (
        "owner" VARCHAR NOT NULL,
        "name" VARCHAR NOT NULL,
        "link" VARCHAR NOT NULL,
        "saved_at" TIMESTAMP NOT NULL,
        PRIMARY KEY (owner, name)
    )
    """,
    """
    CREATE TABLE notes (
        "note" VARCHAR NOT NULL,
        "agency_code" VARCHAR NOT NULL,
        "fiscal_year" BIGINT,
        "scope" VARCHAR,
        "submission" VARCHAR,
        "words" VARCHAR NOT NULL,
        "noted_at" TIMESTAMP NOT NULL,
        "noted_by" VARCHAR NOT NULL,
        PRIMARY KEY (note)
    )
    """,
)

# Version 8 knows whose a named group is; those that there are belong to everybody.
TO_8: Final = (
    """
    CREATE TABLE group_owners (
        "name" VARCHAR NOT NULL,
        "owner" VARCHAR NOT NULL,
        PRIMARY KEY (name)
    )
    """,
)

# Version 9 keeps rounds that were closed, and the scores that were reported then.
TO_9: Final = (
    """
    CREATE TABLE rounds (
        "round" VARCHAR NOT NULL,
        "name" VARCHAR NOT NULL,
        "day" VARCHAR NOT NULL,
        "number" BIGINT NOT NULL,
        "version" VARCHAR NOT NULL,
        "closed_at" TIMESTAMP NOT NULL,
        "closed_by" VARCHAR NOT NULL,
        PRIMARY KEY (round)
    )
    """,
    """
    CREATE TABLE round_scores (
        "round" VARCHAR NOT NULL,
        "submission" VARCHAR NOT NULL,
        "basis" VARCHAR NOT NULL,
        "kind" VARCHAR NOT NULL,
        "scope" VARCHAR NOT NULL,
        "score" DOUBLE,
        "score_max" DOUBLE,
        "coverage" DOUBLE NOT NULL,
        "level" VARCHAR,
        "complete" BOOLEAN NOT NULL
    )
    """,
)

# Version 10 knows what became of agencies.
TO_10: Final = (
    """
    CREATE TABLE successions (
        "predecessor" VARCHAR NOT NULL,
        "successor" VARCHAR NOT NULL,
        "fiscal_year" BIGINT NOT NULL,
        "kind" VARCHAR NOT NULL,
        "number" BIGINT NOT NULL,
        PRIMARY KEY (predecessor, successor)
    )
    """,
)

# Version 11 keeps layouts that people made of files of other kinds.
TO_11: Final = (
    """
    CREATE TABLE layouts (
        "name" VARCHAR NOT NULL,
        "text" VARCHAR NOT NULL,
        "kept_at" TIMESTAMP NOT NULL,
        "kept_by" VARCHAR NOT NULL,
        PRIMARY KEY (name)
    )
    """,
)

# Version 12 takes down what of texts is compared, so that pages need not read them; Likeness fills it.
TO_12: Final = (
    """
    CREATE TABLE wordings (
        "submission" VARCHAR NOT NULL,
        "criterion" VARCHAR NOT NULL,
        "number" BIGINT NOT NULL,
        "met" BOOLEAN NOT NULL,
        "evidence" BIGINT NOT NULL,
        "evidence_letters" BIGINT NOT NULL,
        "explanation" BIGINT NOT NULL,
        "explanation_letters" BIGINT NOT NULL,
        "classified" BOOLEAN,
        "document_named" BOOLEAN,
        "year_in_period" BOOLEAN
    )
    """,
    """
    CREATE TABLE families (
        "fiscal_year" BIGINT NOT NULL,
        "source" VARCHAR NOT NULL,
        "part" VARCHAR NOT NULL,
        "place" BIGINT NOT NULL,
        "wording" BIGINT NOT NULL,
        "family" BIGINT NOT NULL,
        "bands_1" BIGINT NOT NULL,
        "bands_2" BIGINT NOT NULL,
        "bands_3" BIGINT NOT NULL,
        "bands_4" BIGINT NOT NULL,
        "bands_5" BIGINT NOT NULL,
        "bands_6" BIGINT NOT NULL,
        "bands_7" BIGINT NOT NULL,
        "bands_8" BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE settled (
        "submission" VARCHAR NOT NULL,
        "done" VARCHAR NOT NULL
    )
    """,
)

MIGRATIONS: Final = dict(enumerate((TO_2, TO_3, TO_4, TO_5, TO_6, TO_7, TO_8, TO_9, TO_10, TO_11, TO_12), start=1))
