#!lua flags=allow-oom
-- Notes from which network the client of a session is connected now.
-- KEYS: 1 session
-- ARGV: 1 network (of its connection's address)  2 epoch
-- Returns 1
-- Errors: -1 unknown · -2 fenced
local session = unpack(KEYS)
local network, epoch = unpack(ARGV)
local state, current = unpack(redis.call('HMGET', session, 'state', 'epoch'))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
redis.call('HSET', session, 'network', network)
return 1
