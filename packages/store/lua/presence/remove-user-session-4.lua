#!lua flags=allow-oom
-- Removes a session of a user; after the last one the user is no longer named. Repeatable.
-- KEYS: 1 holders  2 people  3 arrivals  4 meta
-- ARGV: 1 session
-- Returns 1 the names have changed · 0 they have not
local holders, people, arrivals, meta = unpack(KEYS)
local session = unpack(ARGV)
local user = redis.call('HGET', holders, session)
if not user then return 0 end
redis.call('HDEL', holders, session)
if redis.call('HINCRBY', people, user, -1) > 0 then return 0 end
redis.call('HDEL', people, user)
redis.call('ZREM', arrivals, user)
redis.call('HINCRBY', meta, 'names', 1)
return 1
