-- Schema 12: contracts: alarms. One is open at a time of each (site, kind, about); what has ended is kept.

CREATE TABLE alarm (
    id        TEXT    PRIMARY KEY,
    site      TEXT    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('floor', 'goal_missed', 'ingest_stopped', 'sample_ratio')),
    about     TEXT    NOT NULL,  -- a goal's id, a campaign's name; '' is the whole site
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    data      TEXT    NOT NULL   -- JSON
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX alarm_once ON alarm (site, kind, about) WHERE closed_at IS NULL;
CREATE INDEX alarm_by_site ON alarm (site, opened_at);
