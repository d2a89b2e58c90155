#!lua flags=allow-oom
-- Sets one of a member's flags.
-- KEYS: 1 meta  2 peers
-- ARGV: 1 session  2 at (which flag, from 1)  3 flag ('0' or '1')
--       4 lease (end of that of the session's node, ms; '' none)
-- Returns { room's revision, peers } · 0 the flag had that value
-- Errors: -3 absent: the session is not in that room · -10 leaseOver
local meta, peers = unpack(KEYS)
local session, at, flag, lease = unpack(ARGV)
if isOver(lease) then return -10 end
local entry = redis.call('HGET', peers, session)
if not entry then return -3 end
at = tonumber(at)
local head, flags, rest = string.match(entry, '^(%d+ %d+ %d+ %d+ )(%S*)(.*)$')
if string.sub(flags, at, at) == flag then return 0 end
flags = string.sub(flags, 1, at - 1) .. flag .. string.sub(flags, at + 1)
redis.call('HSET', peers, session, head .. flags .. rest)
redis.call('HINCRBY', meta, 'revision', 1)
return { redis.call('HGET', meta, 'revision'), redis.call('HGETALL', peers) }
