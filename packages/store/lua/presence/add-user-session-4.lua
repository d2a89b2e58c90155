#!lua
-- Notes that a session of a user is there; a user may be there by several, and is named once.
-- KEYS: 1 holders  2 people  3 arrivals  4 meta
-- ARGV: 1 session  2 user
-- Returns 1 the names have changed · 0 they have not
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
if redis.call('HINCRBY', KEYS[2], ARGV[2], 1) > 1 then return 0 end
redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[4], 'arrivals', 1), ARGV[2])
redis.call('HINCRBY', KEYS[4], 'names', 1)
return 1
