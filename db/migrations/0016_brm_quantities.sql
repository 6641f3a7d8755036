-- The quantities of brm's records come from their characteristics. The next command computes those of stored records.
INSERT INTO settings (name, scope, value, since, pending, position)
  SELECT 'brm-quantities', '', '', MIN(since), 'DURATION_SECONDS=SECOND,VOLUME_KB=KILOBYTE', 0 FROM settings
  WHERE EXISTS (SELECT 1 FROM usage_records WHERE source = 'BRM') HAVING COUNT(*) > 0;
