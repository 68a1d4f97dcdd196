# The office's program, for docker-compose.yml. Two stages: the first has pip and builds the wheel,
# the second has what runs and nothing to build with. Nothing is fetched but what requirements/ names,
# each file by its hash, from the package index that pip is set to.
#
# Tags are pinned by version. To pin the bytes too, put the digest that your registry shows behind
# the tag: python:3.13.5-slim-bookworm@sha256:…
ARG PYTHON=python:3.13.5-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
COPY requirements/ requirements/
RUN python -m venv --without-pip /opt/gongkai \
    && pip --python /opt/gongkai install --require-hashes --only-binary :all: \
        --requirement requirements/runtime.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --only-binary :all: \
        --requirement requirements/build.txt
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY workflow/ workflow/
COPY tasks/ tasks/
COPY cli/ cli/
RUN /opt/build/bin/python -m hatchling build --target wheel --directory /build/dist \
    && pip --python /opt/gongkai install --no-deps --no-index dist/gongkai-*.whl

FROM ${PYTHON}
LABEL org.opencontainers.image.title="gongkai" \
      org.opencontainers.image.description="A publication-workflow engine for government information disclosure" \
      org.opencontainers.image.licenses="Apache-2.0"
# pip of the base image has no use here. Data and site get their owner now: a volume takes it over.
RUN python -m pip uninstall --yes pip \
    && groupadd --gid 10001 gongkai \
    && useradd --uid 10001 --gid 10001 --home-dir /srv/gongkai --no-create-home \
        --shell /usr/sbin/nologin gongkai \
    && install -d -o gongkai -g gongkai -m 0700 /srv/gongkai /srv/beat \
    && install -d -o gongkai -g gongkai -m 0755 /srv/site
COPY --from=build /opt/gongkai /opt/gongkai
ENV PATH=/opt/gongkai/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    GONGKAI_HOME=/srv/gongkai \
    GONGKAI_SITE_DIRECTORY=/srv/site
USER 10001:10001
WORKDIR /srv/gongkai
# What is healthy differs between worker and beat: the compose file says it.
CMD ["gongkai", "--help"]
