-- Schema 5: outbox: mail and webhooks.

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of a lane; never given twice
    event_id   TEXT    NOT NULL,
    site       TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('mail', 'webhook')),
    lane       TEXT    NOT NULL,  -- a webhook's id; of a mail its event_id
    event      TEXT    NOT NULL,
    data       TEXT    NOT NULL,  -- JSON; '' once it is delivered
    created_at INTEGER NOT NULL,
    since      INTEGER NOT NULL,  -- from when its 24 hours count
    due_at     INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    state      TEXT    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
    ended_at   INTEGER,
    answer     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX outbox_once ON outbox (lane, event_id);
CREATE INDEX outbox_by_lane ON outbox (lane, id);
CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state = 'pending';
CREATE INDEX outbox_mail_due ON outbox (due_at, id) WHERE state = 'pending' AND kind = 'mail';
CREATE INDEX outbox_not_done ON outbox (site, kind, state) WHERE state <> 'delivered';

CREATE TABLE webhook (id TEXT PRIMARY KEY, site TEXT NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE confirmation (  -- transcripts by mail that wait for a click
    token_hash TEXT    PRIMARY KEY,
    site       TEXT    NOT NULL,
    conv       TEXT    NOT NULL,
    email      TEXT    NOT NULL,
    language   TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX confirmation_by_address ON confirmation (email, created_at);
CREATE INDEX confirmation_by_site ON confirmation (site, created_at);
