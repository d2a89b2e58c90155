#!lua flags=allow-oom
-- Removes reports that are older than they are to be kept, with their evidence, some at a time.
-- KEYS: 1 reports  2 reportTimes  3 openReports
-- ARGV: 1 since (when the oldest one may have been made, ms)  2 most (how many at a time)
-- Returns how many
local reports, reportTimes, openReports = unpack(KEYS)
local since, most = unpack(ARGV)
local over = redis.call('ZRANGE', reportTimes, '-inf', '(' .. since, 'BYSCORE', 'LIMIT', 0, most)
for _, id in ipairs(over) do
  redis.call('HDEL', reports, id, id .. ' messages', id .. ' verdict')
  redis.call('ZREM', reportTimes, id)
  redis.call('ZREM', openReports, id)
end
return #over
