#!lua
-- Makes a session the one that stands for a user. A session that it replaces is noted until it has been evicted. Claims
-- are numbered upwards, also after the user was released in between. A new claim lapses unless it is kept: the session
-- may have ended before it, and its process die before it finds that out.
-- KEYS: 1 user
-- ARGV: 1 session  2 now (ms)  3 lifetime (of a claim that is not kept, ms)
--       4 lease (end of that of the session's node, ms; '' none)
-- Returns { number of the claim, '1' it is still to be kept else '0', session still to be evicted … }
-- Errors: -10 leaseOver
local user = unpack(KEYS)
local session, now, lifetime, lease = unpack(ARGV)
if isOver(lease) then return -10 end
local holder, claims = unpack(redis.call('HMGET', user, 'session', 'claims'))
if holder ~= session then
  claims = string.format('%.0f', math.max(tonumber(claims or 0) + 1, tonumber(now) * 1000))
  redis.call('HSET', user, 'session', session, 'claims', claims)
  if holder then redis.call('HSET', user, EVICTION .. holder, '1') end
  redis.call('HDEL', user, EVICTION .. session)
  redis.call('PEXPIRE', user, lifetime)
end
local answer = { claims, redis.call('PTTL', user) > 0 and '1' or '0' }
for _, field in ipairs(redis.call('HKEYS', user)) do
  local prefix, evicted = string.match(field, '^(%l:)(.*)$')
  if prefix == EVICTION then answer[#answer + 1] = evicted end
end
return answer
