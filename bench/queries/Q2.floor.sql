SELECT json_build_object('sourceId', s.source_id, 'phoneNumber', s.phone_number, 'buckets', (
  SELECT json_agg(json_build_object('sourceId', b.source_id, 'name', b.name, 'usageType', b.usage_type,
    'total', b.total::text, 'used', b.used::text, 'start', b.valid_from, 'end', b.valid_to, 'balances', (
      SELECT json_agg(json_build_object('remaining', x.remaining::text, 'start', x.valid_from, 'end', x.valid_to,
        'isCurrent', x.is_current) ORDER BY x.position)
      FROM bucket_balances x WHERE x.customer_id = b.customer_id AND x.bucket_id = b.id)))
  FROM (SELECT * FROM buckets b WHERE b.customer_id = s.customer_id AND b.subscription_id = s.id
    ORDER BY b.effective_at DESC, b.id LIMIT 5) b))
FROM subscriptions s WHERE s.customer_id = $1::bigint AND s.id = $2::bigint
