import seaborn_ as sns
from seaborn_ import heatmap
# <m06_model>

sns.set_theme()
