#!lua
-- Makes a session the one that stands for a user. Those it replaces are noted until they have been evicted. Each claim has a number
-- above those before, also after the user was given up in between.
-- KEYS: 1 user
-- ARGV: 1 session  2 now (ms)
-- Returns { number of the claim, session still to be evicted … }
local holder, claims = unpack(redis.call('HMGET', KEYS[1], 'session', 'claims'))
if holder ~= ARGV[1] then
  claims = string.format('%.0f', math.max(tonumber(claims or 0) + 1, tonumber(ARGV[2]) * 1000))
  redis.call('HSET', KEYS[1], 'session', ARGV[1], 'claims', claims)
  if holder then redis.call('HSET', KEYS[1], 'e:' .. holder, '1') end
  redis.call('HDEL', KEYS[1], 'e:' .. ARGV[1])
end
local answer = { claims }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'e:' then answer[#answer + 1] = string.sub(field, 3) end
end
return answer
