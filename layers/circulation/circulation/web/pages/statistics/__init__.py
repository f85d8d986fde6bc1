"""The pages of statistics, whole without a script: the site's and an article's."""
