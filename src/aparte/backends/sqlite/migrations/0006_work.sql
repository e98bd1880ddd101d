-- Schema 6: blocks, tags, wrap-up codes.

-- engagements: visitors whom nobody invites or answers ---------------------------------------------------------------------

CREATE TABLE block (
    site    TEXT    NOT NULL,
    visitor TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    by      TEXT    NOT NULL,  -- a staff id
    at      INTEGER NOT NULL,
    until   INTEGER,           -- NULL: until somebody lifts it
    PRIMARY KEY (site, visitor)
) STRICT, WITHOUT ROWID;

-- conversations: what the supervisor's board reads of a day -----------------------------------------------------------------

CREATE INDEX conversation_by_opening ON conversation (site, opened_at);
CREATE INDEX conversation_by_end ON conversation (site, closed_at);

-- conversations: tags, wrap-up codes, transcripts that are looked through ------------------------------------------

CREATE TABLE vocabulary (
    site      TEXT PRIMARY KEY,
    tags      TEXT,  -- JSON; NULL: nobody has saved any
    free_tags INTEGER NOT NULL DEFAULT 1,
    codes     TEXT   -- JSON; NULL: the default ones
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_wrap_due ON conversation (site) WHERE wrap_agent <> '' AND wrapped_at IS NULL;
CREATE INDEX conversation_by_time ON conversation (site, opened_at, id);
