#!lua
-- Makes a session the one that stands for a user. Those it replaces are noted until they have been evicted.
-- KEYS: 1 user
-- ARGV: 1 session
-- Returns the sessions still to be evicted
local holder = redis.call('HGET', KEYS[1], 'session')
if holder ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'session', ARGV[1])
  if holder then redis.call('HSET', KEYS[1], 'e:' .. holder, '1') end
  redis.call('HDEL', KEYS[1], 'e:' .. ARGV[1])
end
local evicted = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'e:' then evicted[#evicted + 1] = string.sub(field, 3) end
end
return evicted
