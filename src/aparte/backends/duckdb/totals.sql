-- What a site's days add up to, without ids. $site, $since and $until (both included) are given.

WITH told AS (
    SELECT day, 'session' AS what, to_json({{'channel': channel, 'device': device}}) AS cut, to_json({{
        'sessions': count(*), 'visitors': count(DISTINCT visitor), 'events': sum(events)::BIGINT,
        'pages': sum(pages)::BIGINT, 'duration_ms': sum(duration_ms)::BIGINT, 'one_page': count(*) FILTER (pages <= 1),
        'with_cart': count(*) FILTER (has_cart), 'viewed': count(*) FILTER (step >= 1), 'added': count(*) FILTER (step >= 2),
        'checked_out': count(*) FILTER (step >= 3), 'ordered': count(*) FILTER (step >= 4),
        'with_order': count(*) FILTER (orders > 0)
    }}) AS sums FROM session WHERE site = $site AND day BETWEEN $since AND $until AND NOT bot GROUP BY day, channel, device
    UNION ALL
    SELECT day, 'order', to_json({{'confirmed': confirmed, 'assisted': coalesce(last_chat_ms < {day}, false)}}), to_json({{
        'told': count(*), 'orders': count(*) FILTER (stands), 'cancelled': count(*) FILTER (cancelled),
        'left_out': count(*) FILTER (amount IS NULL), 'total': coalesce(sum(total), 0)::BIGINT,
        'refunded': coalesce(sum(refunded), 0)::BIGINT, 'amount': coalesce(sum(amount) FILTER (stands), 0)::BIGINT,
        'revenue': coalesce(sum(revenue) FILTER (stands), 0)::BIGINT,
        'margin': coalesce(sum(margin) FILTER (stands), 0)::BIGINT, 'with_margin': count(margin) FILTER (stands),
        'items': coalesce(sum(items) FILTER (stands), 0)::BIGINT
    }}) FROM orders WHERE site = $site AND day BETWEEN $since AND $until
    GROUP BY day, confirmed, coalesce(last_chat_ms < {day}, false)
    UNION ALL
    SELECT day, 'refund', to_json({{'confirmed': confirmed}}), to_json({{
        'refunds': count(*) FILTER (amount IS NOT NULL), 'amount': coalesce(sum(amount), 0)::BIGINT,
        'left_out': count(*) FILTER (amount IS NULL)
    }}) FROM refund WHERE site = $site AND day BETWEEN $since AND $until GROUP BY day, confirmed
    UNION ALL
    SELECT day, 'conversation', to_json({{'skill': skill, 'team': team, 'channel': channel}}), to_json({{
        'conversations': count(*), 'answered': count(answered_at), 'wait_ms': coalesce(sum(wait_ms), 0)::BIGINT,
        'waited': count(wait_ms), 'first_response_ms': coalesce(sum(first_response_ms), 0)::BIGINT,
        'duration_ms': coalesce(sum(duration_ms), 0)::BIGINT, 'closed': count(duration_ms),
        'handle_ms': coalesce(sum(handle_ms), 0)::BIGINT, 'handled': count(handle_ms),
        'csat_answers': count(csat), 'csat_good': count(*) FILTER (csat >= 4), 'nps_answers': count(nps),
        'promoters': count(*) FILTER (nps >= 9), 'detractors': count(*) FILTER (nps <= 6),
        'solved': count(*) FILTER (solved), 'solved_answers': count(solved), 'cost': coalesce(sum(cost), 0)::BIGINT,
        'crossover': count(*) FILTER (crossover)
    }}) FROM conversation WHERE site = $site AND day BETWEEN $since AND $until GROUP BY day, skill, team, channel
    UNION ALL
    SELECT day, 'engagement', to_json({{'campaign': campaign, 'rule': rule, 'variant': variant, 'arm': arm}}), to_json({{
        'engagements': count(*), 'visitors': count(DISTINCT person), 'covered': count(*) FILTER (covered),
        'candidates': count(*) FILTER (candidate), 'shown': count(shown_at), 'accepted': count(accepted_at),
        'declined': count(declined_at), 'chatted': count(*) FILTER (chatted), {horizons}
    }}) FROM engagement WHERE site = $site AND day BETWEEN $since AND $until GROUP BY day, campaign, rule, variant, arm
)
SELECT strftime(day, '%Y-%m-%d') AS day, what, cut::VARCHAR AS cut, sums::VARCHAR AS sums FROM told ORDER BY day, what, cut
