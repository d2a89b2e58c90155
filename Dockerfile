# Images of a signaling node and of a matchmaker: `docker build --target signaling .`
# Node runs the TypeScript sources, as everywhere in this repository, so nothing is compiled for the services.

ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS tools
WORKDIR /app
ENV CI=true PNPM_CONFIG_PM_ON_FAIL=ignore PNPM_CONFIG_STORE_DIR=/pnpm
COPY package.json ./
RUN npm install --global --force "$(node --print 'require("./package.json").packageManager')"

# What dependencies are installed from, apart from the sources: these layers stay while only code changes.
FROM tools AS manifests
COPY . /all
RUN cd /all && mkdir /manifests && cp --parents package.json tsconfig.base.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc */*/package.json /manifests

FROM tools AS page
COPY --from=manifests /manifests ./
RUN pnpm install --frozen-lockfile --filter "@switchyard/web..."
COPY packages packages
COPY services/web services/web
RUN NODE_ENV=production pnpm --filter @switchyard/web build

FROM tools AS production
COPY --from=manifests /manifests ./
RUN pnpm install --frozen-lockfile --prod \
  --filter-prod "@switchyard/signaling..." --filter-prod "@switchyard/matchmaker..." \
  --filter-prod "@switchyard/secrets..." --filter-prod "@switchyard/sy..." \
  && rm node_modules/.modules.yaml node_modules/.pnpm-workspace-state-v1.json # all that would differ from build to build
COPY packages packages
COPY services/signaling services/signaling
COPY services/matchmaker services/matchmaker
COPY infra infra

FROM ${NODE_IMAGE} AS runtime
WORKDIR /app
ENV NODE_ENV=production PORT=3000
COPY --from=production /app /app
# A third of a start's time is compiling: it is done here, for this user.
ENV NODE_COMPILE_CACHE=/app/compiled
# Where volumes are mounted: a new volume takes over owner and content. Redis's is that of its own image.
RUN install --directory --owner 1000 --group 1000 compiled /run/switchyard /run/coturn /run/matchmaker /run/operators /run/redis-access \
  && install --directory --owner 999 --group 999 /run/redis \
  && install --directory --owner 65534 --group 65534 /run/prometheus
# The operators' command: docker compose run --rm sy status
RUN ln -s /app/infra/sy/sy /usr/local/bin/sy
USER 1000:1000
RUN node --conditions=source --eval "import('/app/services/signaling/src/node.ts')" \
  && node --conditions=source --eval "import('/app/services/matchmaker/src/server.ts')" \
  && sy help
EXPOSE 3000
ENTRYPOINT ["node", "--conditions=source"]
# Soon healthy, and slow to doubt: a node that is busy for a while is not a dead one, and more of them must start then.
# The shell asks by itself: a Node.js for that, every three seconds, would take a tenth of a second of CPU each time.
HEALTHCHECK --interval=3s --timeout=10s --retries=6 --start-period=60s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/$PORT && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

FROM runtime AS matchmaker
CMD ["services/matchmaker/src/main.ts"]

FROM runtime AS signaling
COPY --from=page /app/services/web/dist services/web/dist
CMD ["services/signaling/src/main.ts"]
