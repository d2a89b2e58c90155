#!lua
-- Notes that a session is gone; its user is named no more when it was the last one. Repeatable.
-- KEYS: 1 holders  2 people  3 arrivals  4 meta
-- ARGV: 1 session
-- Returns 1 the names have changed · 0 they have not
local user = redis.call('HGET', KEYS[1], ARGV[1])
if not user then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
if redis.call('HINCRBY', KEYS[2], user, -1) > 0 then return 0 end
redis.call('HDEL', KEYS[2], user)
redis.call('ZREM', KEYS[3], user)
redis.call('HINCRBY', KEYS[4], 'names', 1)
return 1
