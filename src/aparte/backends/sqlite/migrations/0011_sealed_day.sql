-- Schema 11: attribution: rates of exchange, and days that are sealed into totals without ids.

CREATE TABLE currency_rate (
    site     TEXT NOT NULL,
    day      TEXT NOT NULL,
    currency TEXT NOT NULL,
    rate     TEXT NOT NULL,  -- decimal: units of the site's report currency for one unit
    PRIMARY KEY (site, day, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed_day (
    site      TEXT    NOT NULL,
    day       TEXT    NOT NULL,
    sealed_at INTEGER NOT NULL,
    totals    TEXT    NOT NULL,  -- JSON
    PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER sealed_day_stays BEFORE UPDATE ON sealed_day BEGIN SELECT RAISE(ABORT, 'a sealed day is not changed'); END;
