#!lua
-- Puts a session into a room that clients name, and creates the room; a user that is in it by another session goes on in this one, if
-- this one is newer. Everyone who is there, and what was said last, come with it, so that nothing falls between two looks. Repeatable.
-- KEYS: 1 meta  2 peers  3 users  4 gone  5 chat
-- ARGV: 1 session  2 user  3 member (JSON)  4 flags  5 kind  6 dialect  7 now (ms)  8 how many may be in it
--       9 1 only a room that there is  10 messages to hand over  11 attempt of the session  12 number of its claim to the user
-- Returns { 1 new, 2 there already, 3 instead of another session, room's revision, created (ms), 1 if this opened the room, peers,
--   messages } · { 0, attempt that is to be left first } · -2 overtaken by a newer session of the user, or a later attempt
--   · -8 no such room · -9 full
local kind, created = unpack(redis.call('HMGET', KEYS[1], 'kind', 'created'))
local there, gone = redis.call('HGET', KEYS[2], ARGV[1]), redis.call('HGET', KEYS[4], ARGV[1])
local attempt = tonumber(ARGV[11])
local other = tonumber(string.match(there or gone or '', there and '^%d+ (%d+)' or '^%d+ %d+ (%d+)'))
if other and other > attempt then return -2 end
if gone or (other and other < attempt) then return { 0, other } end
local claim, replaced = string.match(redis.call('HGET', KEYS[3], ARGV[2]) or '', '^(%d+) (.*)$')
local outcome, opened = 1, 0
if there then
  outcome = 2
elseif kind and redis.call('HLEN', KEYS[2]) > 0 then
  if replaced then
    if tonumber(claim) > tonumber(ARGV[12]) then return -2 end
    outcome = 3
  elseif redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[8]) then return -9 end
elseif ARGV[9] == '1' then
  return -8
else
  opened = 1
end
if not kind then
  created = ARGV[7]
  redis.call('HSET', KEYS[1], 'state', 'open', 'kind', ARGV[5], 'dialect', ARGV[6], 'created', created, 'entries', 0,
    'revision', string.format('%.0f', tonumber(ARGV[7]) * 1000))
end
if outcome ~= 2 then
  redis.call('PERSIST', KEYS[1])
  redis.call('PERSIST', KEYS[5])
  redis.call('HSET', KEYS[1], 'changed', ARGV[7])
  local revision = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'revision', 1))
  local entry = redis.call('HINCRBY', KEYS[1], 'entries', 1)
  local since = outcome == 3 and string.match(redis.call('HGET', KEYS[2], replaced), '^%d+ %d+ %d+ (%d+)') or revision
  if outcome == 3 then redis.call('HDEL', KEYS[2], replaced) end
  redis.call('HSET', KEYS[2], ARGV[1], table.concat({ entry, ARGV[11], revision, since, ARGV[4], ARGV[3] }, ' '))
  redis.call('HSET', KEYS[3], ARGV[2], ARGV[12] .. ' ' .. ARGV[1])
end
return { outcome, redis.call('HGET', KEYS[1], 'revision'), created, opened, redis.call('HGETALL', KEYS[2]),
  redis.call('XREVRANGE', KEYS[5], '+', '-', 'COUNT', ARGV[10]) }
