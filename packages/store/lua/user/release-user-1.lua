#!lua flags=allow-oom
-- Ends a session's claim to a user.
-- KEYS: 1 user
-- ARGV: 1 session
-- Returns { session still to be evicted … }; none if another session stands for the user
local user = unpack(KEYS)
local session = unpack(ARGV)
redis.call('HDEL', user, EVICTION .. session, USER_SESSION .. session)
if redis.call('HGET', user, 'session') ~= session then return {} end
redis.call('HDEL', user, 'session', 'claims')
local answer = {}
for _, field in ipairs(redis.call('HKEYS', user)) do
  local prefix, evicted = string.match(field, '^(%l:)(.*)$')
  if prefix == EVICTION then answer[#answer + 1] = evicted end
end
return answer
