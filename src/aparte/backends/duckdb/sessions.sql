-- Sessions of the visitors that were touched: 30 minutes of silence end one, and 24 hours. $gap and $cap are milliseconds.
-- Each part is one statement; parts are separated by a line of dashes.

CREATE OR REPLACE TEMP TABLE placed AS
WITH gaps AS (
    SELECT event.rowid AS row, site, visitor, happened_at, place,
        coalesce(happened_at - lag(happened_at) OVER own > {gap}, true) AS begins
    FROM event SEMI JOIN touched_visitor USING (site, visitor)
    WINDOW own AS (PARTITION BY site, visitor ORDER BY happened_at, place)
)
SELECT row, site, visitor, happened_at,
    max(CASE WHEN begins THEN happened_at END) OVER (PARTITION BY site, visitor ORDER BY happened_at, place ROWS UNBOUNDED PRECEDING) AS session_at
FROM gaps
-- --
-- REPEAT while a session is longer than the cap: what comes after it is another one.
UPDATE placed SET session_at = late.began FROM (
    SELECT site, visitor, session_at, min(happened_at) AS began FROM placed
    WHERE happened_at - session_at > {cap} GROUP BY ALL
) late WHERE placed.site = late.site AND placed.visitor = late.visitor
    AND placed.session_at = late.session_at AND placed.happened_at >= late.began
-- --
-- Of a visitor's number 63 bits are of a hash: two of a million sessions get one number with a probability below 1e-7.
UPDATE event SET session_at = placed.session_at, session = xor(placed.visitor, placed.session_at),
    after_ms = placed.happened_at - placed.session_at FROM placed
WHERE event.rowid = placed.row AND event.session IS DISTINCT FROM xor(placed.visitor, placed.session_at)
-- --
DELETE FROM session_kept USING touched_visitor touched
WHERE session_kept.site = touched.site AND session_kept.visitor = touched.visitor
-- --
INSERT INTO session_kept
WITH own AS (
    SELECT *, happened_at::HUGEINT * 4294967296::HUGEINT * 256 + place AS k FROM event SEMI JOIN touched_visitor USING (site, visitor)
), viewed AS (
    SELECT site, visitor, session_at, min(happened_at) AS happened_at FROM own WHERE name = 'Product Viewed' GROUP BY ALL
), added AS (
    SELECT own.site, own.visitor, own.session_at, min(own.happened_at) AS happened_at FROM own JOIN viewed USING (site, visitor, session_at)
    WHERE name = 'Product Added' AND own.happened_at >= viewed.happened_at GROUP BY ALL
), checked AS (
    SELECT own.site, own.visitor, own.session_at, min(own.happened_at) AS happened_at FROM own JOIN added USING (site, visitor, session_at)
    WHERE name IN ('Checkout Step Viewed', 'Checkout Started') AND own.happened_at >= added.happened_at GROUP BY ALL
), ordered AS (
    SELECT DISTINCT own.site, own.visitor, own.session_at FROM own JOIN checked USING (site, visitor, session_at)
    WHERE name = 'Order Completed' AND own.happened_at >= checked.happened_at
), folded AS (
    SELECT site, visitor, session_at AS started_at, max(happened_at) AS ended_at, arg_min(day, k) AS day, count(*) AS events,
        count(*) FILTER (name = 'page') AS pages,
        arg_min(path, k) FILTER (name = 'page') AS landing,
        arg_max(path, k) FILTER (name = 'page') AS exit_page,
        arg_min({{'channel': channel, 'device': device, 'country': country, 'origin': origin, 'medium': medium, 'ad': ad}}, k) AS came,
        bool_or(bot) AS bot,
        count(*) FILTER (name = 'Product Viewed') AS products_viewed,
        count(*) FILTER (name = 'Product Added') AS products_added,
        count(*) FILTER (name = 'Cart Viewed') AS carts_viewed,
        count(*) FILTER (name IN ('Checkout Step Viewed', 'Checkout Started')) AS checkouts,
        count(*) FILTER (name = 'Order Completed') AS orders,
        count(*) FILTER (name = 'Products Searched') AS searches,
        count(*) FILTER (name = 'Products Searched' AND detail = '0') AS empty_searches,
        count(*) FILTER (name = 'page' AND detail = '404') AS not_found,
        count(*) FILTER (name = 'Error Shown') AS errors,
        count(*) FILTER (name = 'Form Field Error') AS field_errors,
        count(*) FILTER (name = 'Form Started') AS forms_started,
        count(*) FILTER (name = 'Form Abandoned') AS forms_abandoned,
        count(*) FILTER (name = 'Payment Error') AS payment_errors
    FROM own GROUP BY site, visitor, session_at
)
SELECT folded.site, folded.visitor, started_at, ended_at, day,
    row_number() OVER (PARTITION BY folded.site, folded.visitor ORDER BY started_at), events, pages, ended_at - started_at,
    landing, exit_page, came.channel, came.device, came.country, came.origin, came.medium, came.ad, bot, products_viewed,
    products_added, carts_viewed, checkouts, orders, searches, empty_searches, not_found, errors, field_errors,
    forms_started, forms_abandoned, payment_errors, products_added > 0,
    CASE WHEN ordered.site IS NOT NULL THEN 4 WHEN checked.happened_at IS NOT NULL THEN 3 WHEN added.happened_at IS NOT NULL THEN 2
        WHEN viewed.happened_at IS NOT NULL THEN 1 ELSE 0 END
FROM folded
LEFT JOIN viewed ON folded.site = viewed.site AND folded.visitor = viewed.visitor AND started_at = viewed.session_at
LEFT JOIN added ON folded.site = added.site AND folded.visitor = added.visitor AND started_at = added.session_at
LEFT JOIN checked ON folded.site = checked.site AND folded.visitor = checked.visitor AND started_at = checked.session_at
LEFT JOIN ordered ON folded.site = ordered.site AND folded.visitor = ordered.visitor AND started_at = ordered.session_at
