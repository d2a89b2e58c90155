#!lua flags=allow-oom
-- Detaches a session that has lost its connection: until the deadline it can be resumed. A repetition does not move the
-- deadline.
-- KEYS: 1 session
-- ARGV: 1 node (that holds it)  2 epoch (in which it does; '' any: the node is dead)  3 deadline (ms)
-- Returns { deadline, epoch, ticket or '' }
-- Errors: -1 unknown · -2 fenced: the session has gone on elsewhere
local session = unpack(KEYS)
local node, epoch, deadline = unpack(ARGV)
local state, holder, current, noted, ticket =
  unpack(redis.call('HMGET', session, 'state', 'node', 'epoch', 'deadline', 'ticket'))
if not state then return -1 end
if holder ~= node or (epoch ~= '' and current ~= epoch) then return -2 end
if state == 'live' then
  noted = deadline
  redis.call('HSET', session, 'state', 'detached', 'deadline', deadline)
end
return { tonumber(noted or 0), tonumber(current), ticket or '' }
