#!lua
-- Opens a session: live on a node, in epoch 1.
-- KEYS: 1 session
-- ARGV: 1 dialect ('' until it is known)  2 secret (hash of the recovery secret)  3 node  4 now (ms)
--       5 bearer (user of the token that it is opened with; '' none)
--       6 echo ('1' its client wants a copy of its own messages; else '')
--       7 byUser ('1' its client can't show a recovery id, and recovers by its user; else '')
-- Returns 1
-- Errors: -1 unknown: the id is taken
local session = unpack(KEYS)
local dialect, secret, node, now, bearer, echo, byUser = unpack(ARGV)
if redis.call('EXISTS', session) == 1 then return -1 end
redis.call('HSET', session, 'state', 'live', 'dialect', dialect, 'secret', secret, 'node', node, 'epoch', 1,
  'number', 0, 'asks', 0, 'opened', now)
if bearer ~= '' then redis.call('HSET', session, 'bearer', bearer) end
if echo ~= '' then redis.call('HSET', session, 'echo', echo) end
if byUser ~= '' then redis.call('HSET', session, 'byUser', byUser) end
return 1
