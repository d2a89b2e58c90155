#!lua
-- Adds a session of a user who may be there by several; the user is named once.
-- KEYS: 1 holders  2 people  3 arrivals  4 meta
-- ARGV: 1 session  2 user
-- Returns 1 the names have changed · 0 they have not
local holders, people, arrivals, meta = unpack(KEYS)
local session, user = unpack(ARGV)
if redis.call('HSETNX', holders, session, user) == 0 then return 0 end
if redis.call('HINCRBY', people, user, 1) > 1 then return 0 end
redis.call('ZADD', arrivals, redis.call('HINCRBY', meta, 'arrivals', 1), user)
redis.call('HINCRBY', meta, 'names', 1)
return 1
