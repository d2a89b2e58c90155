#!lua
-- Makes a user one of those who are online, by this session; who was by another one is by this one now, and is announced again.
-- KEYS: 1 people  2 arrivals  3 feed (stream and channel)  4 meta
-- ARGV: 1 session  2 user  3 profile (JSON)  4 event that tells the others (JSON)  5 now (ms)  6 entries to keep  7 people to list
-- Returns { 1 if this is news, id of the feed's last entry, how many are online, profile … the latest first }
local entry = ARGV[1] .. ' ' .. ARGV[3]
local news = redis.call('HGET', KEYS[1], ARGV[2]) ~= entry
if news then
  redis.call('HSET', KEYS[1], ARGV[2], entry)
  redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[4], 'arrivals', 1), ARGV[2])
  local fed = redis.call('HINCRBY', KEYS[4], 'fed', 1)
  local at = math.max(tonumber(ARGV[5]), tonumber(redis.call('HGET', KEYS[4], 'fedAt') or 0))
  local id = string.format('%.0f-%.0f', at, fed)
  redis.call('HSET', KEYS[4], 'fedAt', string.format('%.0f', at), 'last', id)
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], id, 'e', ARGV[4], 'x', ARGV[1])
  redis.call('SPUBLISH', KEYS[3], id .. '\n' .. ARGV[1] .. '\n' .. ARGV[4])
end
local answer = { news and 1 or 0, redis.call('HGET', KEYS[4], 'last') or '0-0', redis.call('HLEN', KEYS[1]) }
local listed = redis.call('ZREVRANGE', KEYS[2], 0, tonumber(ARGV[7]) - 1)
if #listed > 0 then
  for _, one in ipairs(redis.call('HMGET', KEYS[1], unpack(listed))) do
    if one then answer[#answer + 1] = string.match(one, '^%S+ (.*)$') end
  end
end
return answer
