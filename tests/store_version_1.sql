-- The schema of version 1, as databases have it that were made then. Never change it.
CREATE TABLE meta (
    "name" VARCHAR NOT NULL,
    "value" VARCHAR NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE submissions (
    "submission" VARCHAR NOT NULL,
    "agency_code" VARCHAR NOT NULL,
    "agency_name" VARCHAR NOT NULL,
    "ministry" VARCHAR NOT NULL,
    "agency_type" VARCHAR NOT NULL,
    "fiscal_year" BIGINT NOT NULL,
    "source" VARCHAR NOT NULL,
    "edition" VARCHAR NOT NULL,
    "edition_version" VARCHAR NOT NULL,
    "form_version" VARCHAR NOT NULL,
    "sha256" VARCHAR NOT NULL,
    "file_name" VARCHAR NOT NULL,
    "received_at" TIMESTAMP NOT NULL,
    "received_by" VARCHAR NOT NULL,
    "contact_name" VARCHAR,
    "contact_email" VARCHAR,
    "contact_phone" VARCHAR,
    "sample" BOOLEAN NOT NULL,
    PRIMARY KEY (submission)
);
CREATE TABLE contents (
    "sha256" VARCHAR NOT NULL,
    "content" BLOB NOT NULL,
    PRIMARY KEY (sha256)
);
CREATE TABLE derived (
    "submission" VARCHAR NOT NULL,
    "framework_version" VARCHAR NOT NULL,
    "rules_version" VARCHAR NOT NULL,
    PRIMARY KEY (submission)
);
CREATE TABLE audit (
    "number" BIGINT NOT NULL,
    "at" TIMESTAMP NOT NULL,
    "who" VARCHAR NOT NULL,
    "action" VARCHAR NOT NULL,
    "subject" VARCHAR,
    "details" VARCHAR NOT NULL,
    "version" VARCHAR NOT NULL,
    PRIMARY KEY (number)
);
CREATE TABLE answers (
    "submission" VARCHAR NOT NULL,
    "criterion" VARCHAR NOT NULL,
    "met" BOOLEAN,
    "explanation" VARCHAR,
    "evidence" VARCHAR,
    "suggestion" VARCHAR,
    "sheet" VARCHAR,
    "cell" VARCHAR
);
CREATE TABLE measures (
    "submission" VARCHAR NOT NULL,
    "indicator" VARCHAR NOT NULL,
    "number" BIGINT NOT NULL,
    "name" VARCHAR,
    "unit" VARCHAR,
    "direction" VARCHAR NOT NULL,
    "target" DOUBLE,
    "actual_2" DOUBLE,
    "actual_1" DOUBLE,
    "actual" DOUBLE,
    "benchmark" DOUBLE,
    "method" VARCHAR NOT NULL,
    "step" DOUBLE,
    "evidence" VARCHAR,
    "note" VARCHAR,
    "accepted" BOOLEAN,
    "suggestion" VARCHAR,
    "sheet" VARCHAR,
    "target_cell" VARCHAR,
    "actual_cell" VARCHAR
);
CREATE TABLE findings (
    "submission" VARCHAR NOT NULL,
    "number" BIGINT NOT NULL,
    "code" VARCHAR NOT NULL,
    "severity" VARCHAR NOT NULL,
    "sheet" VARCHAR,
    "cell" VARCHAR,
    "value" VARCHAR,
    "details" VARCHAR NOT NULL
);
CREATE TABLE scores (
    "submission" VARCHAR NOT NULL,
    "basis" VARCHAR NOT NULL,
    "kind" VARCHAR NOT NULL,
    "scope" VARCHAR NOT NULL,
    "score" DOUBLE,
    "score_max" DOUBLE,
    "coverage" DOUBLE NOT NULL,
    "level" VARCHAR,
    "complete" BOOLEAN NOT NULL
);
