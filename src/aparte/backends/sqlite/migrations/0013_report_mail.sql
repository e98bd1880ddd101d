-- Schema 13: reports: who receives the dashboard by mail.

CREATE TABLE report_mail (
    site  TEXT    NOT NULL,
    staff TEXT    NOT NULL,
    every TEXT    NOT NULL,  -- daily, weekly, fortnightly, monthly
    hour  INTEGER NOT NULL,  -- of the site's clock
    since INTEGER NOT NULL,
    sent  TEXT    NOT NULL,  -- first day of the last period that was sent; empty before
    PRIMARY KEY (site, staff, every)
) STRICT, WITHOUT ROWID;
