#!lua flags=allow-oom
-- Lists a node as one whose lease has ended, unless it is listed: one that holds sessions is always found.
-- KEYS: 1 leases
-- ARGV: 1 node
-- Returns how many were added
local leases = unpack(KEYS)
local node = unpack(ARGV)
return redis.call('ZADD', leases, 'NX', 0, node)
