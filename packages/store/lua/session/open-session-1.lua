#!lua
-- Opens a session: live on a node, in epoch 1. Its events are numbered from the number behind that of the offset which its
-- client still shows, of its former session: so that offset says that the client has received nothing of this one.
-- KEYS: 1 session
-- ARGV: 1 dialect ('' until it is known)  2 secret (hash of the recovery secret)  3 node  4 now (ms)
--       5 bearer (user of the token that it is opened with; '' none)
--       6 echo ('1' its client wants a copy of its own messages; else '')
--       7 byUser ('1' its client can't show a recovery id, and recovers by its user; else '')
--       8 number (that of the offset that its client shows; 0: none)
--       9 network (of its connection's address; '' not known)
--       10 lease (end of that of its node, ms; '' none): then others may have taken the session out of the node's index
-- Returns 1
-- Errors: -1 unknown: the id is taken · -10 leaseOver
local session = unpack(KEYS)
local dialect, secret, node, now, bearer, echo, byUser, number, network, lease = unpack(ARGV)
if isOver(lease or '') then return -10 end
if redis.call('EXISTS', session) == 1 then return -1 end
redis.call('HSET', session, 'state', 'live', 'dialect', dialect, 'secret', secret, 'node', node, 'epoch', 1,
  'number', number or 0, 'asks', 0, 'opened', now)
if bearer ~= '' then redis.call('HSET', session, 'bearer', bearer) end
if echo ~= '' then redis.call('HSET', session, 'echo', echo) end
if byUser ~= '' then redis.call('HSET', session, 'byUser', byUser) end
if (network or '') ~= '' then redis.call('HSET', session, 'network', network) end
return 1
