-- Schema 6: blocks, tags, wrap-up codes.

-- conversations: tags, wrap-up codes, transcripts that are looked through ------------------------------------------

CREATE TABLE vocabulary (
    site      TEXT PRIMARY KEY,
    tags      TEXT,  -- JSON; NULL: nobody has saved any
    free_tags INTEGER NOT NULL DEFAULT 1,
    codes     TEXT   -- JSON; NULL: the default ones
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_wrap_due ON conversation (site) WHERE wrap_agent <> '' AND wrapped_at IS NULL;
CREATE INDEX conversation_by_time ON conversation (site, opened_at, id);
