#!lua
-- Makes a user one of those who are online, by this session; who was by another one is by this one now, and is announced again, but not
-- to that one. What an overtaken claim to the user asks is refused.
-- KEYS: 1 people  2 arrivals  3 feed (stream and channel)  4 meta
-- ARGV: 1 session  2 user  3 number of its claim to the user  4 profile (JSON)  5 event that tells the others (JSON)  6 now (ms)
--       7 entries to keep  8 people to list
-- Returns { 1 if this is news, id of the feed's last entry, how many are online, profile … the latest first } · -2 overtaken
local had, claim, profile = string.match(redis.call('HGET', KEYS[1], ARGV[2]) or '', '^(%S+) (%d+) (.*)$')
if had and tonumber(claim) > tonumber(ARGV[3]) then return -2 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[1] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
local news = had ~= ARGV[1] or profile ~= ARGV[4]
if news then
  redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[4], 'arrivals', 1), ARGV[2])
  local fed = redis.call('HINCRBY', KEYS[4], 'fed', 1)
  local at = math.max(tonumber(ARGV[6]), tonumber(redis.call('HGET', KEYS[4], 'fedAt') or 0))
  local id = string.format('%.0f-%.0f', at, fed)
  redis.call('HSET', KEYS[4], 'fedAt', string.format('%.0f', at), 'last', id)
  local except = (had and had ~= ARGV[1]) and ARGV[1] .. ' ' .. had or ARGV[1]
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[7], id, 'e', ARGV[5], 'x', except)
  redis.call('SPUBLISH', KEYS[3], id .. '\n' .. except .. '\n' .. ARGV[5])
end
local answer = { news and 1 or 0, redis.call('HGET', KEYS[4], 'last') or '0-0', redis.call('HLEN', KEYS[1]) }
local listed = redis.call('ZREVRANGE', KEYS[2], 0, tonumber(ARGV[8]) - 1)
for from = 1, #listed, 1000 do -- Lua can't unpack some thousands at once
  for _, one in ipairs(redis.call('HMGET', KEYS[1], unpack(listed, from, math.min(from + 999, #listed)))) do
    if one then answer[#answer + 1] = string.match(one, '^%S+ %d+ (.*)$') end
  end
end
return answer
