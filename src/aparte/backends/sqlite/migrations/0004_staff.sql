-- Schema 4: sites: security of staff.

ALTER TABLE sign_in ADD COLUMN about TEXT NOT NULL DEFAULT '';  -- what the browser calls itself
CREATE INDEX sign_in_by_staff ON sign_in (staff);

CREATE TABLE security (
    staff     TEXT    PRIMARY KEY,
    secret    TEXT    NOT NULL,
    confirmed INTEGER NOT NULL,
    last_step INTEGER NOT NULL,
    recovery  TEXT    NOT NULL  -- JSON: SHA-256 of the codes that are left
) STRICT, WITHOUT ROWID;

CREATE TABLE one_time (
    token_hash TEXT    PRIMARY KEY,
    staff      TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('reset', 'invite')),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_by_staff ON one_time (staff);

CREATE TABLE api_token (
    id         TEXT    PRIMARY KEY,
    token_hash TEXT    NOT NULL UNIQUE,
    site       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,  -- JSON
    made_by    TEXT    NOT NULL,
    made_at    INTEGER NOT NULL,
    expires_at INTEGER,
    hint       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows are only ever added. `hash` is SHA-256 over the hash of the row before and this row; the head is kept apart, so
-- that it shows when the last rows were cut off.
CREATE TABLE audit (
    n      INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    site   TEXT    NOT NULL,
    who    TEXT    NOT NULL,
    verb   TEXT    NOT NULL,
    object TEXT    NOT NULL,
    detail TEXT    NOT NULL,
    hash   TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_by_site ON audit (site, n);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END;
CREATE TABLE audit_head (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO audit_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
