#!lua
-- Takes a session out of a room that clients name. Who is left is to be told: until that is noted, repeating it gives the same answer.
-- A room that nobody is in any more is gone, at once or after a while.
-- KEYS: 1 meta  2 peers  3 users  4 gone  5 chat
-- ARGV: 1 session  2 how long an empty room stays (ms)  3 now (ms)  4 attempt up to which it leaves: it may have come in again since
-- Returns { revision of its leaving, entry it had, room's revision, peers } · -3 it isn't in that room
local entry, gone = redis.call('HGET', KEYS[2], ARGV[1]), redis.call('HGET', KEYS[4], ARGV[1])
local attempt = string.match(entry or gone or '', entry and '^%d+ (%d+)' or '^%d+ %d+ (%d+)')
if not attempt or tonumber(attempt) > tonumber(ARGV[4]) then return -3 end
if entry then
  redis.call('HSET', KEYS[1], 'changed', ARGV[3])
  local revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
  gone = string.format('%.0f', revision) .. ' ' .. entry
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('HDEL', KEYS[1], 'f:' .. ARGV[1])
  local user = cjson.decode(string.match(entry, '^%d+ %d+ %d+ %d+ %S* (.*)$')).user
  local by = string.match(redis.call('HGET', KEYS[3], user) or '', '^%d+ (.*)$')
  if by == ARGV[1] then redis.call('HDEL', KEYS[3], user) end
  if redis.call('HLEN', KEYS[2]) > 0 then
    redis.call('HSET', KEYS[4], ARGV[1], gone)
  else
    redis.call('DEL', KEYS[3], KEYS[4])
    if ARGV[2] == '0' then
      redis.call('DEL', KEYS[1], KEYS[5])
    else
      redis.call('PEXPIRE', KEYS[1], ARGV[2])
      redis.call('PEXPIRE', KEYS[5], ARGV[2])
    end
  end
end
local cause, had = string.match(gone, '^(%d+) (.*)$')
return { cause, had, redis.call('HGET', KEYS[1], 'revision') or cause, redis.call('HGETALL', KEYS[2]) }
