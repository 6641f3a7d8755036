SELECT json_build_object('offset', 0, 'total', (SELECT COUNT(*) FROM usage_summaries WHERE source = 'STN' AND source_customer_id = $1
    AND customer_id = (SELECT i.customer_id FROM customer_identifiers i WHERE i.source = 'STN' AND i.value = $1)),
  'results', (SELECT json_agg(json_build_object('id', s.source_id, 'subscriptionId', s.source_subscription_id,
    'phoneNumber', s.phone_number, 'yearMonth', REPLACE(s.year_month, '-', '_'), 'customerId', s.source_customer_id,
    'providerGroup', s.provider_group, 'usage', (SELECT json_object_agg(b.source_id, json_build_array(b.total, b.used))
      FROM buckets b WHERE b.customer_id = s.customer_id AND b.summary_id = s.id),
    'isGroupSim', s.is_group_sim, 'amountTotalUsage', s.total_amount, 'amountInternationalTotal', s.international_amount,
    'usageDetails', (SELECT json_agg(json_build_object('invoiceLineType', l.type, 'invoiceLineCode', l.code,
        'description', l.description, 'sortOrder', l.sort_order, 'quantity', l.quantity, 'volume', l.volume,
        'volumeStr', l.volume_text, 'amount', l.amount, 'refId', l.ref_id, 'rateClassId', l.rate_class_id) ORDER BY l.position)
      FROM usage_summary_lines l WHERE l.customer_id = s.customer_id AND l.summary_id = s.id)))
  FROM (SELECT * FROM usage_summaries s WHERE s.source = 'STN' AND s.source_customer_id = $1
    AND s.customer_id = (SELECT i.customer_id FROM customer_identifiers i WHERE i.source = 'STN' AND i.value = $1) ORDER BY s.id LIMIT 50) s))
