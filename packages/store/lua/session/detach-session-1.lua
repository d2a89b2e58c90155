#!lua
-- Gives a session without a connection until a deadline to come back.
-- KEYS: 1 session
-- ARGV: 1 node that holds it  2 its epoch there ('' any: the node is dead)  3 deadline (ms)
-- Returns { deadline, epoch, ticket or '' } · -1 no such session · -2 it went on elsewhere
local state, node, epoch, deadline, ticket =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'node', 'epoch', 'deadline', 'ticket'))
if not state then return -1 end
if node ~= ARGV[1] or (ARGV[2] ~= '' and epoch ~= ARGV[2]) then return -2 end
if state == 'live' then
  deadline = ARGV[3]
  redis.call('HSET', KEYS[1], 'state', 'detached', 'deadline', deadline)
end
return { tonumber(deadline or 0), tonumber(epoch), ticket or '' }
