-- Schema 1. Times are milliseconds since 1970-01-01 UTC, money is whole millionths of the currency's unit.

PRAGMA application_id = 1095782996;  -- 'APRT'

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('epoch', lower(hex(randomblob(8)))), ('recoveries', '0');

-- tracking ------------------------------------------------------------------------------------------------------------

CREATE TABLE log (
    seq         INTEGER PRIMARY KEY,
    site        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    visitor     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    message_id  TEXT    NOT NULL,
    line        BLOB    NOT NULL
) STRICT;

-- Where a visitor's lines are. An index of log by visitor would touch a page of its own for nearly every line (four times
-- the cost of the line itself); this one is written block by block, in order, once a few thousand lines are there.
CREATE TABLE trail_block (last INTEGER PRIMARY KEY) STRICT;
CREATE TABLE trail (
    block   INTEGER NOT NULL,
    visitor TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (block, visitor, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_count (
    site   TEXT    NOT NULL,
    what   TEXT    NOT NULL,  -- received, accepted, duplicate, quarantined, refused
    reason TEXT    NOT NULL,  -- of the last two, else empty
    n      INTEGER NOT NULL,
    PRIMARY KEY (site, what, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
    id          INTEGER PRIMARY KEY,
    site        TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    excerpt     TEXT    NOT NULL
) STRICT;
CREATE INDEX quarantine_by_reason ON quarantine (site, reason);

-- sessions ------------------------------------------------------------------------------------------------------------

CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL) STRICT;
CREATE TABLE site_state (site TEXT PRIMARY KEY, state BLOB NOT NULL) STRICT;

CREATE TABLE visitor (
    site    TEXT    NOT NULL,
    visitor TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    summary BLOB    NOT NULL,
    session BLOB,
    PRIMARY KEY (site, visitor)
) STRICT;
CREATE INDEX visitor_with_session ON visitor (seq) WHERE session IS NOT NULL;

-- engagements ---------------------------------------------------------------------------------------------------------

CREATE TABLE decision (
    place           INTEGER PRIMARY KEY,  -- seq * 65536 + n: the order of the log, and one tree instead of two
    site            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    visitor         TEXT    NOT NULL,
    session         INTEGER NOT NULL,
    engagement      TEXT    NOT NULL,
    campaign        TEXT    NOT NULL,
    rule            TEXT    NOT NULL,
    decision        TEXT    NOT NULL,
    detail          TEXT    NOT NULL,
    newly_eligible  INTEGER NOT NULL,
    newly_covered   INTEGER NOT NULL,
    newly_candidate INTEGER NOT NULL,
    line            BLOB    NOT NULL
) STRICT;
CREATE INDEX decision_by_visitor ON decision (site, visitor);

CREATE TABLE invitation (
    engagement TEXT    PRIMARY KEY,
    site       TEXT    NOT NULL,
    visitor    TEXT    NOT NULL,
    campaign   TEXT    NOT NULL,
    rule       TEXT    NOT NULL,
    skill      TEXT,
    channel    TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state      TEXT    NOT NULL DEFAULT 'offered',
    moved_at   INTEGER NOT NULL,
    shown_at   INTEGER
) STRICT;
CREATE INDEX invitation_by_time ON invitation (site, at);

-- conversations -------------------------------------------------------------------------------------------------------

CREATE TABLE conversation (
    id                TEXT    PRIMARY KEY,
    site              TEXT    NOT NULL,
    visitor           TEXT    NOT NULL,
    engagement        TEXT    NOT NULL,
    campaign          TEXT    NOT NULL,
    skill             TEXT,
    language          TEXT    NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('queued', 'open', 'closed')),
    agent             TEXT    NOT NULL,
    assign_ver        INTEGER NOT NULL,
    head              INTEGER NOT NULL,
    opened_at         INTEGER NOT NULL,
    waiting_since     INTEGER,
    closed_at         INTEGER,
    visitor_delivered INTEGER NOT NULL,
    visitor_read      INTEGER NOT NULL,
    agent_delivered   INTEGER NOT NULL,
    agent_read        INTEGER NOT NULL,
    csat              INTEGER,
    nps               INTEGER,
    solved            INTEGER,
    comment           TEXT    NOT NULL,
    crossover         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversation_open ON conversation (site, visitor) WHERE state <> 'closed';
CREATE INDEX conversation_by_visitor ON conversation (site, visitor, opened_at);

CREATE TABLE entry (
    conv   TEXT    NOT NULL,
    seq    INTEGER NOT NULL,
    id     TEXT    NOT NULL,
    by     TEXT    NOT NULL,
    author TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    body   TEXT    NOT NULL,
    ts     INTEGER NOT NULL,
    cid    TEXT    NOT NULL,
    PRIMARY KEY (conv, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_once ON entry (conv, author, cid) WHERE cid <> '';

CREATE TABLE slot (
    agent TEXT    NOT NULL,
    n     INTEGER NOT NULL,
    conv  TEXT    NOT NULL UNIQUE,
    PRIMARY KEY (agent, n)
) STRICT, WITHOUT ROWID;

-- attribution ---------------------------------------------------------------------------------------------------------

CREATE TABLE shop_order (
    site      TEXT    NOT NULL,
    order_id  TEXT    NOT NULL,
    visitor   TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    total     INTEGER NOT NULL,
    revenue   INTEGER NOT NULL,
    currency  TEXT    NOT NULL,
    PRIMARY KEY (site, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shop_order_by_time ON shop_order (site, at);

CREATE TABLE refund (
    site       TEXT    NOT NULL,
    message_id TEXT    NOT NULL,
    order_id   TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    amount     INTEGER,  -- NULL: all of it
    confirmed  INTEGER NOT NULL,
    PRIMARY KEY (site, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_by_order ON refund (site, order_id);

-- sites: few, read whole at the start; what is not searched stays in one JSON text --------------------------------------

CREATE TABLE site (id TEXT PRIMARY KEY, public_key TEXT NOT NULL UNIQUE, data TEXT NOT NULL) STRICT;
CREATE TABLE staff (
    id    TEXT PRIMARY KEY,
    site  TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,  -- folded: Ann@Shop.example is ann@shop.example
    data  TEXT NOT NULL
) STRICT;
CREATE INDEX staff_by_site ON staff (site);
CREATE TABLE sign_in (
    token_hash TEXT    PRIMARY KEY,
    staff      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT;
