-- Schema 14: planning: saved scenarios of the business case. A version is never changed; a scenario is taken off the list.

CREATE TABLE scenario (
    id      TEXT    NOT NULL,
    version INTEGER NOT NULL,
    site    TEXT    NOT NULL,
    data    TEXT    NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX scenario_by_site ON scenario (site, id, version);
CREATE TRIGGER scenario_stays BEFORE UPDATE ON scenario BEGIN SELECT RAISE(ABORT, 'a scenario is not changed'); END;
CREATE TRIGGER scenario_is_kept BEFORE DELETE ON scenario BEGIN SELECT RAISE(ABORT, 'a scenario is not changed'); END;

CREATE TABLE scenario_retired (
    id   TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
