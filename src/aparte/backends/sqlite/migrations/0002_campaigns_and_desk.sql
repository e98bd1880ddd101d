-- Schema 2: campaigns in versions, the catalogue, trusted traits, leads, teams, requests, agents' hours.

-- targeting: version 0 is the draft; one version at most is published ----------------------------------------------------

CREATE TABLE campaign_version (
    site         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('draft', 'published', 'archived')),
    text         TEXT    NOT NULL,  -- TOML, as it was given
    based_on     INTEGER NOT NULL,  -- the version that was published when this one was begun
    revision     INTEGER NOT NULL,  -- of the draft: grows with each save
    made_at      INTEGER NOT NULL,
    made_by      TEXT    NOT NULL,  -- a staff id, or what else made it
    published_at INTEGER,
    note         TEXT    NOT NULL,
    PRIMARY KEY (site, version)
) STRICT;
CREATE UNIQUE INDEX campaign_version_in_force ON campaign_version (site) WHERE state = 'published';

-- catalogue -----------------------------------------------------------------------------------------------------------

CREATE TABLE product (
    site         TEXT    NOT NULL,
    product_id   TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    refreshed_at INTEGER NOT NULL,
    PRIMARY KEY (site, product_id)
) STRICT, WITHOUT ROWID;

-- tracking: what the shop or a CRM says of a known customer, and which visitors he is --------------------------------------

CREATE TABLE trait (
    site    TEXT    NOT NULL,
    user_id TEXT    NOT NULL,
    data    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (site, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE identity (
    site    TEXT    NOT NULL,
    user_id TEXT    NOT NULL,
    visitor TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (site, user_id, visitor)
) STRICT, WITHOUT ROWID;

CREATE TABLE merged (
    site    TEXT    NOT NULL,
    visitor TEXT    NOT NULL,
    root    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (site, visitor)
) STRICT, WITHOUT ROWID;

-- attribution ---------------------------------------------------------------------------------------------------------

CREATE TABLE lead (
    site          TEXT    NOT NULL,
    lead_id       TEXT    NOT NULL,
    visitor       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    confirmed     INTEGER NOT NULL,
    point_of_sale TEXT    NOT NULL,
    data          TEXT    NOT NULL,
    PRIMARY KEY (site, lead_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lead_by_time ON lead (site, at);

-- routing -------------------------------------------------------------------------------------------------------------

CREATE TABLE team (id TEXT PRIMARY KEY, site TEXT NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE work (
    id     INTEGER PRIMARY KEY,
    site   TEXT    NOT NULL,
    staff  TEXT    NOT NULL,
    status TEXT    NOT NULL,
    reason TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER  -- NULL: it goes on
) STRICT;
CREATE INDEX work_by_time ON work (site, since);
CREATE UNIQUE INDEX work_going_on ON work (staff) WHERE until IS NULL;

-- conversations: a call takes several slots of one agent ---------------------------------------------------------------

ALTER TABLE conversation ADD COLUMN channel TEXT NOT NULL DEFAULT 'chat';
ALTER TABLE conversation ADD COLUMN sticky INTEGER NOT NULL DEFAULT 0;
CREATE TABLE slots (
    agent TEXT    NOT NULL,
    n     INTEGER NOT NULL,
    conv  TEXT    NOT NULL,
    PRIMARY KEY (agent, n)
) STRICT, WITHOUT ROWID;
INSERT INTO slots SELECT agent, n, conv FROM slot;
DROP TABLE slot;
ALTER TABLE slots RENAME TO slot;
CREATE INDEX slot_by_conversation ON slot (conv);

CREATE TABLE request (
    id         TEXT    PRIMARY KEY,
    site       TEXT    NOT NULL,
    visitor    TEXT    NOT NULL,
    engagement TEXT    NOT NULL,
    conv       TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('callback', 'message')),
    skill      TEXT,
    data       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    done_at    INTEGER,
    done_by    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX request_by_time ON request (site, created_at);
