#!lua flags=allow-oom
-- Notes that a step of sending an event of a back end was done, and how many sessions it reached; after the last one the
-- event is no longer open, and its request is forgotten. A step that another process has noted already changes nothing.
-- KEYS: 1 notice  2 openNotices
-- ARGV: 1 id  2 from (cursor before the step)  3 cursor (after it; 'done': it was the last one)  4 now (ms)
--       5 connected (sessions)  6 detached (sessions)  7 entry (id of the entry in the dialect's feed; '' none)
-- Returns { field, value … }; nothing where it is no longer remembered
local notice, openNotices = unpack(KEYS)
local id, from, cursor, now, connected, detached, entry = unpack(ARGV)
local current = redis.call('HGET', notice, 'cursor')
if not current then redis.call('ZREM', openNotices, id) end
if current == from then
  redis.call('HINCRBY', notice, 'connected', connected)
  redis.call('HINCRBY', notice, 'detached', detached)
  redis.call('HSET', notice, 'cursor', cursor)
  if entry ~= '' then redis.call('HSET', notice, 'entry', entry) end
  if cursor == 'done' then
    redis.call('HDEL', notice, 'request')
    redis.call('ZREM', openNotices, id)
  else
    redis.call('ZADD', openNotices, now, id)
  end
end
return redis.call('HGETALL', notice)
