#!lua
-- Keeps a report with its evidence, once, and counts it for its reporter. The user that reports, and the network of its
-- address, may do so a number of times a day. Where more are kept than there may be, the oldest ones go.
-- KEYS: 1 reports  2 reportTimes  3 openReports  4 reporter  5 userQuota  6 networkQuota
-- ARGV: 1 id  2 report (JSON)  3 messages (the evidence, JSON)  4 now (ms)  5 kept (reports)
--       6 day (for how long a report counts against both, ms)  7 userMost (reports a day)
--       8 networkMost (the same for the network; '' it is not known)  9 remembered (how long the reporter's record is, ms)
-- Returns 1 kept · 0 it was kept before · { ms until another one may be made }: nothing is kept
local reports, reportTimes, openReports, reporter, userQuota, networkQuota = unpack(KEYS)
local id, report, messages, now, kept, day, userMost, networkMost, remembered = unpack(ARGV)
if redis.call('HEXISTS', reports, id) == 1 then return 0 end
if tonumber(redis.call('GET', userQuota) or 0) >= tonumber(userMost) then
  return { math.max(redis.call('PTTL', userQuota), 1) }
end
if networkMost ~= '' then
  if tonumber(redis.call('GET', networkQuota) or 0) >= tonumber(networkMost) then
    return { math.max(redis.call('PTTL', networkQuota), 1) }
  end
  if redis.call('INCR', networkQuota) == 1 then redis.call('PEXPIRE', networkQuota, day) end
end
if redis.call('INCR', userQuota) == 1 then redis.call('PEXPIRE', userQuota, day) end
redis.call('HSET', reports, id, report, id .. ' messages', messages)
redis.call('ZADD', reportTimes, now, id)
redis.call('ZADD', openReports, now, id)
redis.call('HINCRBY', reporter, 'made', 1)
redis.call('PEXPIRE', reporter, remembered)
for _, old in ipairs(redis.call('ZRANGE', reportTimes, 0, -tonumber(kept) - 1)) do
  redis.call('HDEL', reports, old, old .. ' messages', old .. ' verdict')
  redis.call('ZREM', reportTimes, old)
  redis.call('ZREM', openReports, old)
end
return 1
