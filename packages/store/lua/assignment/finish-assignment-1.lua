#!lua flags=allow-oom
-- Acknowledges an assignment that was carried out, and removes it.
-- KEYS: 1 assignments
-- ARGV: 1 group (of consumers)  2 id
-- Returns 1 removed · 0 it was removed before
local assignments = unpack(KEYS)
local group, id = unpack(ARGV)
redis.call('XACK', assignments, group, id)
return redis.call('XDEL', assignments, id)
