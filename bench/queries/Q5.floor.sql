SELECT json_agg(json_build_object('@baseType', 'Usage', '@schemaLocation', null, '@type', 'Usage', 'id', u.source_id,
  'href', 'http://127.0.0.1/brm/usageManagement/v4/usage/' || u.source_id,
  'date', to_char(u.event_time + u.utc_offset_minutes * INTERVAL '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS') || '-04:00',
  'type', u.usage_type_name, 'status', initcap(u.status), 'usageSpecification', u.specification,
  'usageCharacteristic', u.characteristics, 'relatedParty', u.related_parties, 'ratedProductUsage', (
    SELECT json_agg(json_build_object('@baseType', null, '@schemaLocation', null, '@type', null,
      'ratingDate', to_char(p.rated_at + p.utc_offset_minutes * INTERVAL '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS') || '-04:00',
      'usageRatingTag', p.tag, 'isBilled', p.is_billed, 'ratingAmountType', p.rating_amount_type,
      'taxExcludedAmount', json_build_object('unit', p.currency, 'value', p.tax_excluded_amount),
      'taxIncludedAmount', json_build_object('unit', p.currency, 'value', p.tax_included_amount),
      'taxRate', p.tax_rate, 'isTaxExempt', p.is_tax_exempt, 'offerTariffType', p.offer_tariff_type,
      'bucketValueConvertedInAmount', p.bucket_value_converted, 'productRef', p.product) ORDER BY p.position)
    FROM rated_usages p WHERE p.customer_id = u.customer_id AND p.usage_id = u.id))),
  -- total
  (SELECT COUNT(*) FROM usage_records c WHERE c.source = 'BRM' AND c.event_time >= $1::timestamptz AND c.event_time < $2::timestamptz)
FROM (SELECT * FROM usage_records u WHERE u.source = 'BRM'
  AND u.event_time >= $1::timestamptz AND u.event_time < $2::timestamptz ORDER BY u.id LIMIT 1000) u
