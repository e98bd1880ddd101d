-- Schema 7: canned replies, guided scripts, articles.

CREATE TABLE canned_reply (
    id       TEXT    PRIMARY KEY,
    site     TEXT    NOT NULL,
    language TEXT    NOT NULL,
    skill    TEXT    NOT NULL,  -- empty: for all
    shortcut TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    used     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX canned_reply_shortcut ON canned_reply (site, language, skill, shortcut);

CREATE TABLE script (
    id   TEXT    PRIMARY KEY,
    site TEXT    NOT NULL,
    data TEXT    NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX script_by_site ON script (site);

CREATE TABLE article (
    number   INTEGER PRIMARY KEY,  -- the rowid of its text below
    id       TEXT    NOT NULL UNIQUE,
    site     TEXT    NOT NULL,
    language TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    used     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX article_by_site ON article (site);
CREATE VIRTUAL TABLE article_text USING fts5 (
    title, tags, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '3 4'
);
