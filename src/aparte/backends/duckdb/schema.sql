-- What was taken from the log and the records, as it was told. Nothing is unique by an index: duplicates are left out by
-- a look at `key` before they come in, which costs no memory for millions of rows.

CREATE TABLE meta (name VARCHAR NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE site_kept (site VARCHAR NOT NULL, currency VARCHAR NOT NULL, time_zone VARCHAR NOT NULL, minor DOUBLE NOT NULL);
CREATE TABLE day (
    site VARCHAR NOT NULL, day DATE NOT NULL, starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, hours DOUBLE NOT NULL,
    week VARCHAR NOT NULL, month VARCHAR NOT NULL
);
CREATE TABLE visitor (site VARCHAR NOT NULL, visitor BIGINT NOT NULL, id VARCHAR NOT NULL);
CREATE TABLE merged (site VARCHAR NOT NULL, visitor BIGINT NOT NULL, person BIGINT NOT NULL);

-- `session` is one number for a session, and `after_ms` the time since it began: for funnels over many events
CREATE TABLE event (
    site VARCHAR NOT NULL, visitor BIGINT NOT NULL, session_at BIGINT, session BIGINT, after_ms INTEGER,
    happened_at BIGINT NOT NULL, place BIGINT NOT NULL, day DATE NOT NULL, name VARCHAR NOT NULL, code INTEGER NOT NULL,
    path VARCHAR, bot BOOLEAN NOT NULL, detail VARCHAR, key BIGINT NOT NULL,
    channel VARCHAR, device VARCHAR, country VARCHAR, origin VARCHAR, medium VARCHAR, ad VARCHAR
);
-- what stands for an event's name in its `code`: it holds for this file only, and no report shows it
CREATE TABLE event_name (code INTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE order_told (
    site VARCHAR NOT NULL, order_id VARCHAR NOT NULL, key BIGINT NOT NULL, visitor BIGINT, happened_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL, confirmed BOOLEAN NOT NULL, total DOUBLE, revenue DOUBLE, currency VARCHAR,
    discount DOUBLE, lines VARCHAR, returned BOOLEAN NOT NULL
);
CREATE TABLE decision (
    site VARCHAR NOT NULL, key BIGINT NOT NULL, visitor BIGINT NOT NULL, happened_at BIGINT NOT NULL, place BIGINT NOT NULL,
    session INTEGER NOT NULL, engagement VARCHAR NOT NULL, campaign VARCHAR NOT NULL, rule VARCHAR NOT NULL,
    decision VARCHAR NOT NULL, detail VARCHAR, newly_eligible BOOLEAN NOT NULL, newly_covered BOOLEAN NOT NULL,
    newly_candidate BOOLEAN NOT NULL, merged BOOLEAN NOT NULL, skill VARCHAR, channel VARCHAR
);
CREATE TABLE by_hand (
    site VARCHAR NOT NULL, key BIGINT NOT NULL, visitor BIGINT NOT NULL, happened_at BIGINT NOT NULL, engagement VARCHAR NOT NULL,
    skill VARCHAR, channel VARCHAR
);
CREATE TABLE publication (site VARCHAR NOT NULL, key BIGINT NOT NULL, happened_at BIGINT NOT NULL, version INTEGER NOT NULL);

-- records: as they are now
CREATE TABLE invitation (
    site VARCHAR NOT NULL, engagement VARCHAR NOT NULL, visitor BIGINT NOT NULL, happened_at BIGINT NOT NULL, state VARCHAR NOT NULL,
    shown_at BIGINT, ended_at BIGINT
);
CREATE TABLE talk (
    site VARCHAR NOT NULL, conversation VARCHAR NOT NULL, visitor BIGINT NOT NULL, engagement VARCHAR NOT NULL,
    campaign VARCHAR NOT NULL, skill VARCHAR, agent VARCHAR NOT NULL, channel VARCHAR NOT NULL, language VARCHAR NOT NULL,
    state VARCHAR NOT NULL, opened_at BIGINT NOT NULL, closed_at BIGINT, wrapped_at BIGINT, csat BIGINT, nps BIGINT,
    ces BIGINT, solved BOOLEAN, wrap_code VARCHAR, wrap_reason VARCHAR, tags VARCHAR NOT NULL, crossover BOOLEAN NOT NULL,
    day DATE NOT NULL, head BIGINT NOT NULL
);
CREATE TABLE entry (
    conversation VARCHAR NOT NULL, seq BIGINT NOT NULL, author VARCHAR NOT NULL, kind VARCHAR NOT NULL, happened_at BIGINT NOT NULL
);
CREATE TABLE agent (site VARCHAR NOT NULL, agent VARCHAR NOT NULL, team VARCHAR, cost_per_hour DOUBLE);
CREATE TABLE lead_told (
    site VARCHAR NOT NULL, lead_id VARCHAR NOT NULL, visitor BIGINT, happened_at BIGINT NOT NULL, day DATE NOT NULL,
    confirmed BOOLEAN NOT NULL
);
CREATE TABLE request_told (
    site VARCHAR NOT NULL, request VARCHAR NOT NULL, visitor BIGINT NOT NULL, kind VARCHAR NOT NULL,
    created_at BIGINT NOT NULL, done_at BIGINT, day DATE NOT NULL
);

-- what has changed since the facts were last derived
CREATE TABLE touched_visitor (site VARCHAR NOT NULL, visitor BIGINT NOT NULL);
CREATE TABLE touched_order (site VARCHAR NOT NULL, order_id VARCHAR NOT NULL);

-- derived: sessions of those visitors, and orders, that were touched
CREATE TABLE session_kept (
    site VARCHAR NOT NULL, visitor BIGINT NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, day DATE NOT NULL,
    number BIGINT NOT NULL, events BIGINT NOT NULL, pages BIGINT NOT NULL, duration_ms BIGINT NOT NULL, landing VARCHAR,
    exit_page VARCHAR, channel VARCHAR, device VARCHAR, country VARCHAR, origin VARCHAR, medium VARCHAR, ad VARCHAR,
    bot BOOLEAN NOT NULL, products_viewed BIGINT NOT NULL, products_added BIGINT NOT NULL, carts_viewed BIGINT NOT NULL,
    checkouts BIGINT NOT NULL, orders BIGINT NOT NULL, searches BIGINT NOT NULL, empty_searches BIGINT NOT NULL,
    not_found BIGINT NOT NULL, errors BIGINT NOT NULL, field_errors BIGINT NOT NULL, forms_started BIGINT NOT NULL,
    forms_abandoned BIGINT NOT NULL, payment_errors BIGINT NOT NULL, has_cart BOOLEAN NOT NULL, step INTEGER NOT NULL
);
CREATE TABLE order_kept (
    site VARCHAR NOT NULL, order_id VARCHAR NOT NULL, visitor BIGINT, happened_at BIGINT NOT NULL, day DATE NOT NULL,
    confirmed BOOLEAN NOT NULL, currency VARCHAR NOT NULL, own_total BIGINT NOT NULL, own_revenue BIGINT NOT NULL,
    own_refunded BIGINT NOT NULL, rate DOUBLE, total BIGINT, revenue BIGINT, refunded BIGINT, amount BIGINT, margin BIGINT,
    discount BIGINT, items BIGINT NOT NULL, cancelled BOOLEAN NOT NULL, flag VARCHAR NOT NULL, stands BOOLEAN NOT NULL
);
CREATE TABLE order_line (
    site VARCHAR NOT NULL, order_id VARCHAR NOT NULL, n BIGINT NOT NULL, product VARCHAR NOT NULL, category VARCHAR NOT NULL,
    quantity BIGINT NOT NULL, price BIGINT, margin BIGINT
);
CREATE TABLE refund (
    site VARCHAR NOT NULL, refund_id BIGINT NOT NULL, order_id VARCHAR NOT NULL, happened_at BIGINT NOT NULL, day DATE NOT NULL,
    own_amount BIGINT NOT NULL, amount BIGINT, confirmed BOOLEAN NOT NULL, flag VARCHAR NOT NULL
);
