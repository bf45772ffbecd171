# sql-runner alone, for docs/run-in-vpc.md: one file of JavaScript on Node, nothing to install, a user without rights.
#
#   docker build --build-arg NODE_IMAGE=node:20-bookworm-slim@sha256:<digest> --tag sql-runner:1.0.0 .
#
# Name the digest: a tag is moved to other contents whenever its image is built anew.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json tsconfig.json ./
# A package of this repository that the lock file names; npm looks for its folder although it is not for production.
COPY tools/cdktf-terminal tools/cdktf-terminal
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY errors errors
COPY contract contract
COPY sql-runner sql-runner
RUN node sql-runner/write-bundle.js /image

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
COPY --from=build /image/ /opt/sql-runner/
# By number, so that whoever runs it can see that it is not root.
USER 1000:1000
WORKDIR /tmp
ENTRYPOINT ["node", "/opt/sql-runner/sql-runner.js"]
CMD ["--help"]
