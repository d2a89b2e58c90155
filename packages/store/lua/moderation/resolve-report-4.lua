#!lua flags=allow-oom
-- Resolves a report, notes that in the audit log, and counts it for the reporter. The same verdict again changes nothing,
-- another one takes its place.
-- KEYS: 1 reports  2 openReports  3 reporter  4 audit
-- ARGV: 1 id  2 verdict ('upheld' or 'dismissed')  3 resolution (JSON)  4 by (the name of the operator)  5 reason
--       6 noted (of the report, for the audit log, JSON)
-- Returns the resolution that is in force (JSON)
-- Errors: -1 unknown: there is no such report
local reports, openReports, reporter, audit = unpack(KEYS)
local id, verdict, resolution, by, reason, noted = unpack(ARGV)
if redis.call('HEXISTS', reports, id) == 0 then return -1 end
local before = redis.call('HGET', reports, id .. ' verdict')
local former = before and cjson.decode(before).verdict
if former == verdict then return before end
redis.call('HSET', reports, id .. ' verdict', resolution)
redis.call('ZREM', openReports, id)
if redis.call('EXISTS', reporter) == 1 then
  if former then redis.call('HINCRBY', reporter, former, -1) end
  redis.call('HINCRBY', reporter, verdict, 1)
end
redis.call('XADD', audit, '*', 'action', verdict == 'upheld' and 'uphold' or 'dismiss', 'by', by, 'report', noted,
  'reason', reason)
return resolution
