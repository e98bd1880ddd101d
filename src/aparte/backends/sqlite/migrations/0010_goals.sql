-- Schema 10: goals, contracts, and statements of what was earned. What was agreed and what was stated is never changed.

CREATE TABLE goal (
    id   TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_by_site ON goal (site);

CREATE TABLE contract (
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    site    TEXT    NOT NULL,
    data    TEXT    NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX contract_by_site ON contract (site, id, version);
CREATE TRIGGER contract_stays BEFORE UPDATE ON contract BEGIN SELECT RAISE(ABORT, 'a contract is not changed'); END;
CREATE TRIGGER contract_is_kept BEFORE DELETE ON contract BEGIN SELECT RAISE(ABORT, 'a contract is not changed'); END;

CREATE TABLE statement (
    contract TEXT    NOT NULL,
    n        INTEGER NOT NULL,
    site     TEXT    NOT NULL,
    data     TEXT    NOT NULL,
    PRIMARY KEY (contract, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER statement_stays BEFORE UPDATE ON statement BEGIN SELECT RAISE(ABORT, 'a statement is not changed'); END;
CREATE TRIGGER statement_is_kept BEFORE DELETE ON statement BEGIN SELECT RAISE(ABORT, 'a statement is not changed'); END;
