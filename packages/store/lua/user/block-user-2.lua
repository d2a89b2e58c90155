#!lua flags=allow-oom
-- Blocks a partner for a user, for good. A user blocks so many at most: a further one takes the place of the one that
-- was blocked first; those of older versions, which noted no order, go before all others.
-- KEYS: 1 blocked  2 blockOrder
-- ARGV: 1 partner  2 now (ms)  3 most (users that are blocked)
-- Returns how many are blocked
local blocked, blockOrder = unpack(KEYS)
local partner, now, most = unpack(ARGV)
redis.call('SADD', blocked, partner)
redis.call('ZADD', blockOrder, now, partner)
local tooMany = redis.call('SCARD', blocked) - tonumber(most)
if tooMany > 0 then
  for _, user in ipairs(redis.call('SMEMBERS', blocked)) do redis.call('ZADD', blockOrder, 'NX', 0, user) end
  for _, user in ipairs(redis.call('ZRANGE', blockOrder, 0, tooMany - 1)) do
    redis.call('SREM', blocked, user)
    redis.call('ZREM', blockOrder, user)
  end
end
return redis.call('SCARD', blocked)
