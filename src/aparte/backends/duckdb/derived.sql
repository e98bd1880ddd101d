-- Facts that are made whole again, from what is kept: their number is that of people helped or ordering, not of events.

CREATE OR REPLACE TABLE session AS
SELECT session_kept.site, session_kept.visitor, coalesce(merged.person, session_kept.visitor) AS person,
    session_kept.* EXCLUDE (site, visitor)
FROM session_kept LEFT JOIN merged ON session_kept.site = merged.site AND session_kept.visitor = merged.visitor
-- --
CREATE OR REPLACE TABLE conversation AS
WITH first AS (
    SELECT conversation, min(happened_at) FILTER (kind = 'join') AS assigned_at,
        min(happened_at) FILTER (author = 'agent' AND kind = 'text') AS answered_at, max(happened_at) AS last_at,
        count(*) FILTER (author = 'visitor' AND kind = 'text') AS visitor_texts,
        count(*) FILTER (author = 'agent' AND kind = 'text') AS agent_texts,
        count(*) FILTER (kind = 'transfer') AS transfers
    FROM entry GROUP BY conversation
), turns AS (
    SELECT conversation, seq, author, happened_at, lag(author) OVER own IS DISTINCT FROM author AS begins
    FROM entry WHERE kind = 'text' AND author IN ('visitor', 'agent')
    WINDOW own AS (PARTITION BY conversation ORDER BY seq)
), waits AS (
    SELECT conversation, author, lead(happened_at) OVER (PARTITION BY conversation ORDER BY seq) - happened_at AS ms FROM turns WHERE begins
), replies AS (
    SELECT conversation, quantile_cont(ms, 0.5) AS reply_median_ms, quantile_cont(ms, 0.9) AS reply_p90_ms
    FROM waits WHERE author = 'visitor' AND ms IS NOT NULL GROUP BY conversation
)
SELECT talk.site, talk.conversation, talk.visitor, coalesce(merged.person, talk.visitor) AS person, engagement, campaign,
    skill, talk.agent, agent.team, channel, language, state, day, opened_at, assigned_at, answered_at, closed_at, wrapped_at,
    coalesce(closed_at, greatest(last_at, opened_at)) AS last_at, assigned_at - opened_at AS wait_ms,
    answered_at - opened_at AS first_response_ms, reply_median_ms, reply_p90_ms, closed_at - opened_at AS duration_ms,
    greatest(coalesce(wrapped_at, closed_at) - assigned_at, 0) AS handle_ms, coalesce(visitor_texts, 0) AS visitor_texts,
    coalesce(agent_texts, 0) AS agent_texts, coalesce(transfers, 0) AS transfers, csat, nps, ces, solved, wrap_code,
    wrap_reason, tags, crossover,
    CASE WHEN agent.cost_per_hour > 0 THEN round_even(
        greatest(coalesce(wrapped_at, closed_at) - assigned_at, 0) / 3600000.0 * agent.cost_per_hour * minor, 0)::BIGINT END AS cost
FROM talk JOIN site_kept ON talk.site = site_kept.site
LEFT JOIN merged ON talk.site = merged.site AND talk.visitor = merged.visitor
LEFT JOIN agent ON talk.site = agent.site AND talk.agent = agent.agent
LEFT JOIN first ON talk.conversation = first.conversation
LEFT JOIN replies ON talk.conversation = replies.conversation
-- --
CREATE OR REPLACE TABLE orders AS
WITH base AS (
    SELECT order_kept.*, coalesce(merged.person, order_kept.visitor) AS person
    FROM order_kept LEFT JOIN merged ON order_kept.site = merged.site AND order_kept.visitor = merged.visitor
), came AS (
    SELECT base.site, order_id, max(started_at) AS session_at FROM base
    JOIN session_kept ON base.site = session_kept.site AND base.visitor = session_kept.visitor
        AND happened_at BETWEEN started_at AND ended_at GROUP BY ALL
), arrived AS (
    SELECT site, person, min(started_at) AS first_visit_at FROM session GROUP BY ALL
), talked AS (
    SELECT base.site, order_id, arg_max(conversation, (answered_at, conversation)) AS last_chat,
        arg_max(greatest(happened_at - greatest(last_at, answered_at), 0), (answered_at, conversation)) AS last_chat_ms,
        arg_min(conversation, (answered_at, conversation)) AS first_chat,
        arg_min(greatest(happened_at - greatest(last_at, answered_at), 0), (answered_at, conversation)) AS first_chat_ms
    FROM base JOIN conversation ON base.site = conversation.site AND base.person = conversation.person
    WHERE answered_at <= happened_at AND happened_at < greatest(last_at, answered_at) + {days_31} GROUP BY ALL
), invited AS (
    SELECT base.site, order_id, arg_max(engagement, (ended_at, engagement)) AS last_engagement,
        arg_min(engagement, (ended_at, engagement)) AS first_engagement
    FROM base JOIN (
        SELECT invitation.*, coalesce(merged.person, invitation.visitor) AS person FROM invitation LEFT JOIN merged
        ON invitation.site = merged.site AND invitation.visitor = merged.visitor WHERE state = 'accepted'
    ) accepted ON base.site = accepted.site AND base.person = accepted.person
    WHERE ended_at <= base.happened_at AND base.happened_at < ended_at + {days_31} GROUP BY ALL
)
SELECT base.site, base.order_id, visitor, base.person, happened_at, day, confirmed, currency, own_total, own_revenue, own_refunded,
    rate, total, revenue, refunded, amount, margin, items, discount, cancelled, flag, stands, session_at,
    coalesce(stands AND base.person IS NOT NULL AND row_number() OVER (
        PARTITION BY base.site, base.person, stands ORDER BY happened_at, base.order_id) = 1, false) AS first_order,
    first_visit_at, last_chat, last_chat_ms, first_chat, first_chat_ms, last_engagement, first_engagement
FROM base
LEFT JOIN came ON base.site = came.site AND base.order_id = came.order_id
LEFT JOIN arrived ON base.site = arrived.site AND base.person = arrived.person
LEFT JOIN talked ON base.site = talked.site AND base.order_id = talked.order_id
LEFT JOIN invited ON base.site = invited.site AND base.order_id = invited.order_id
-- --
CREATE OR REPLACE TABLE left_out AS
SELECT site, day, 'order' AS what, flag AS reason, count(*) AS n FROM order_kept WHERE flag <> '' GROUP BY ALL
UNION ALL SELECT site, day, 'refund', flag, count(*) FROM refund WHERE flag <> '' GROUP BY ALL
-- --
CREATE OR REPLACE TABLE lead AS
SELECT lead_told.site, lead_id, lead_told.visitor, coalesce(merged.person, lead_told.visitor) AS person, happened_at, day, confirmed
FROM lead_told LEFT JOIN merged ON lead_told.site = merged.site AND lead_told.visitor = merged.visitor
-- --
CREATE OR REPLACE TABLE request AS
SELECT request_told.site, request, request_told.visitor, coalesce(merged.person, request_told.visitor) AS person, kind,
    created_at, done_at, day
FROM request_told LEFT JOIN merged ON request_told.site = merged.site AND request_told.visitor = merged.visitor
-- --
CREATE OR REPLACE TEMP TABLE episode AS
WITH decided AS (
    SELECT *, (happened_at, place) AS k FROM decision
), one AS (
    SELECT site, visitor, session, campaign, rule,
        coalesce(arg_min(engagement, k) FILTER (decision IN ('invite', 'hold_out')),
            arg_min(engagement, k) FILTER (newly_candidate), arg_min(engagement, k)) AS engagement,
        coalesce(min(happened_at) FILTER (newly_eligible), min(happened_at)) AS eligible_at,
        min(happened_at) FILTER (newly_covered) AS covered_at,
        min(happened_at) FILTER (newly_candidate) AS candidate_at,
        arg_min(CASE WHEN decision <> 'hold_out' THEN 'treated' WHEN detail = 'site' THEN 'site' ELSE 'campaign' END, k)
            FILTER (newly_candidate) AS arm,
        arg_min(nullif(detail, ''), k) FILTER (decision = 'invite') AS variant,
        arg_max(detail, k) FILTER (decision = 'refrain') AS refused,
        min(happened_at) FILTER (decision = 'invite') AS invited_at,
        arg_min(skill, k) FILTER (decision = 'invite') AS skill,
        arg_min(channel, k) FILTER (decision = 'invite') AS channel,
        bool_or(merged) AS merged
    FROM decided GROUP BY site, visitor, session, campaign, rule
)
SELECT site, engagement, visitor, campaign, rule, variant, arm, merged, covered_at IS NOT NULL OR candidate_at IS NOT NULL AS covered,
    candidate_at IS NOT NULL AS candidate, eligible_at, coalesce(covered_at, candidate_at) AS covered_at, candidate_at,
    coalesce(candidate_at, eligible_at) AS from_at, refused, invited_at, skill, channel
FROM one
UNION ALL
SELECT site, engagement, visitor, '', '', NULL, 'by_hand', false, true, false, happened_at, happened_at, NULL, happened_at, NULL, happened_at, skill, channel FROM by_hand
-- --
CREATE OR REPLACE TEMP TABLE placed_episode AS
WITH known AS (
    SELECT episode.*, coalesce(m.person, episode.visitor) AS person
    FROM episode LEFT JOIN merged m ON episode.site = m.site AND episode.visitor = m.visitor
), sat AS (
    SELECT known.*, session_kept.started_at AS session_at, number - 1 AS earlier_sessions, session_kept.device,
        session_kept.channel AS source
    FROM known ASOF LEFT JOIN session_kept
    ON known.site = session_kept.site AND known.visitor = session_kept.visitor AND known.from_at >= session_kept.started_at
)
SELECT sat.*, publication.version, (
        CASE WHEN day.ends_at > from_at THEN day.day END) AS day
FROM sat ASOF LEFT JOIN publication ON sat.site = publication.site AND sat.from_at >= publication.happened_at
ASOF LEFT JOIN day ON sat.site = day.site AND sat.from_at >= day.starts_at
-- --
CREATE OR REPLACE TEMP TABLE page_before AS
SELECT e.site, e.engagement, e.from_at, count(*) AS pages FROM placed_episode e
JOIN event ON e.site = event.site AND e.visitor = event.visitor AND e.session_at = event.session_at
WHERE event.name = 'page' AND event.happened_at < e.from_at GROUP BY ALL
-- --
CREATE OR REPLACE TEMP TABLE outcome AS
SELECT e.site, e.engagement, e.from_at,
    count(*) FILTER (o.happened_at < e.from_at) AS earlier_orders,
    coalesce(sum(o.amount) FILTER (o.happened_at < e.from_at), 0)::BIGINT AS earlier_revenue,
    {horizons}
FROM placed_episode e JOIN orders o ON e.site = o.site AND e.person = o.person AND o.stands
WHERE o.happened_at < e.from_at + {days_31} GROUP BY ALL
-- --
CREATE OR REPLACE TEMP TABLE after_chat AS
SELECT o.site, last_chat AS conversation,
    {after_chat}
FROM orders o WHERE o.stands AND last_chat IS NOT NULL GROUP BY ALL
-- --
CREATE OR REPLACE TEMP TABLE helped AS
SELECT DISTINCT ON (site, engagement) * FROM conversation WHERE engagement <> ''
ORDER BY site, engagement, answered_at IS NULL, opened_at, conversation
-- --
CREATE OR REPLACE TABLE engagement AS
SELECT e.site, e.engagement, e.visitor, e.person, e.campaign, e.rule, version, variant, arm, merged, e.day, session_at, covered,
    candidate, eligible_at, covered_at, candidate_at, e.from_at, refused, invited_at, shown_at,
    CASE WHEN i.state = 'accepted' THEN ended_at END AS accepted_at,
    CASE WHEN i.state = 'declined' THEN ended_at END AS declined_at, ended_at, i.state AS outcome,
    coalesce(c.answered_at IS NOT NULL, false) AS chatted, c.conversation, coalesce(c.skill, e.skill) AS skill, c.agent, c.team,
    coalesce(c.channel, e.channel) AS channel, wait_ms, first_response_ms, duration_ms, handle_ms, csat, nps, ces, solved,
    wrap_code, wrap_reason, cost, coalesce(earlier_orders, 0) AS earlier_orders,
    coalesce(earlier_revenue, 0) AS earlier_revenue, coalesce(earlier_sessions, 0) AS earlier_sessions,
    coalesce(pages, 0) AS pages_before, e.from_at - session_at AS session_ms_before, device, source,
    {columns}
FROM placed_episode e
LEFT JOIN invitation i ON e.site = i.site AND e.engagement = i.engagement
LEFT JOIN helped c ON e.site = c.site AND e.engagement = c.engagement
LEFT JOIN page_before p ON e.site = p.site AND e.engagement = p.engagement AND e.from_at = p.from_at
LEFT JOIN outcome o ON e.site = o.site AND e.engagement = o.engagement AND e.from_at = o.from_at
LEFT JOIN after_chat t ON e.site = t.site AND c.conversation = t.conversation
