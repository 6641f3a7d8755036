SELECT json_agg(json_build_object('sourceId', c.source_id, 'name', c.name, 'subscriptions', (
  SELECT json_agg(json_build_object('sourceId', s.source_id, 'phoneNumber', s.phone_number, 'usageRecords', (
    SELECT json_agg(json_build_object('sourceId', u.source_id, 'eventTime', u.event_time, 'usageType', u.usage_type,
      'destination', u.destination, 'callClass', u.call_class, 'rated', (
        SELECT json_agg(json_build_object('amount', p.tax_excluded_amount::text, 'currency', p.currency) ORDER BY p.position)
        FROM rated_usages p WHERE p.customer_id = u.customer_id AND p.usage_id = u.id)))
    FROM (SELECT * FROM usage_records u WHERE u.customer_id = s.customer_id AND u.subscription_id = s.id
      ORDER BY u.event_time DESC, u.id DESC LIMIT 10) u)))
  FROM (SELECT * FROM subscriptions s WHERE s.customer_id = c.customer_id ORDER BY s.id LIMIT 3) s)) ORDER BY c.customer_id)
FROM customers c WHERE c.customer_id = ANY (string_to_array($1, ',')::bigint[])
