SELECT json_agg(json_build_object('sourceId', u.source_id, 'eventTime', u.event_time, 'usageType', u.usage_type,
  'destination', u.destination, 'callClass', u.call_class, 'timeBand', u.time_band, 'fileName', u.file_name))
FROM (SELECT * FROM usage_records u WHERE (u.event_time, u.id) < ($1::timestamptz, $2::bigint)
  ORDER BY u.event_time DESC, u.id DESC LIMIT 1000) u
